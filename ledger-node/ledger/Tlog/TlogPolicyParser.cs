using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace RxChain.Ledger.Tlog;

/// <summary>Parses C2SP tlog-policy text ("Policy file syntax and structure"), collecting one error for each bad line.</summary>
internal sealed class TlogPolicyParser
{
    private const int MaxBytes = 256 * 1024;
    private const int MaxErrors = 20;
    private const int MaxDefinitions = 1024;
    private const int MaxDepth = 32;
    private const string None = "none";

    private readonly List<string> _errors = [];
    private readonly List<PolicyLog> _logs = [];
    private readonly List<PolicyWitness> _witnesses = [];
    private readonly List<PolicyGroup> _groups = [];
    private readonly Dictionary<string, (PolicyMember Member, int Depth)> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _grouped = new(StringComparer.Ordinal);
    private bool _hasQuorum;
    private PolicyMember? _quorum;

    public IReadOnlyList<string> Errors => _errors;

    public TlogPolicy? Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxBytes)
            _errors.Add($"a policy is at most {MaxBytes} bytes");
        else if (!text.IsEmpty && text[^1] != '\n')
            _errors.Add("the last line does not end in a newline");
        else
            ParseLines(text);
        if (_errors.Count == 0 && !_hasQuorum)
            _errors.Add("there is no quorum line");
        return _errors.Count == 0 ? new TlogPolicy(_logs, _witnesses, _groups, _quorum) : null;
    }

    // Latin-1 makes each octet one char, so that names stay opaque octets; keys are read as UTF-8 again.
    private void ParseLines(ReadOnlySpan<byte> text)
    {
        int number = 0;
        while (!text.IsEmpty && _errors.Count < MaxErrors)
        {
            int end = text.IndexOf((byte)'\n');
            string? error = ParseLine(Encoding.Latin1.GetString(text[..end]));
            number++;
            if (error != null)
                _errors.Add(string.Create(CultureInfo.InvariantCulture, $"line {number}: {error}"));
            text = text[(end + 1)..];
        }
    }

    private string? ParseLine(string line)
    {
        if (line.Any(c => c is < ' ' and not '\t' or '\x7f'))
            return "control characters other than tab are not allowed";
        string[] items = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (items.Length == 0 || items[0][0] == '#')
            return null;
        if (_logs.Count + _names.Count >= MaxDefinitions)
            return $"a policy defines at most {MaxDefinitions} logs, witnesses and groups";
        return items[0] switch
        {
            "log" => ParseLog(items),
            "witness" => ParseWitness(items),
            "group" => ParseGroup(items),
            "quorum" => ParseQuorum(items),
            _ => "a line starts with log, witness, group, quorum or #",
        };
    }

    private string? ParseLog(string[] items)
    {
        if (items.Length is < 2 or > 3)
            return "expected: log <vkey> [<url>]";
        if (!TryKey(items[1], NoteAlgorithm.Ed25519, out var key, out string? error))
            return error;
        if (_logs.Any(log => log.Key.PublicKey.Equals(key.PublicKey)))
            return "another log has the same public key";
        _logs.Add(new PolicyLog(key, items.ElementAtOrDefault(2)));
        return null;
    }

    private string? ParseWitness(string[] items)
    {
        if (items.Length is < 3 or > 4)
            return "expected: witness <name> <vkey> [<url>]";
        if (CheckNewName(items[1]) is { } nameError)
            return nameError;
        if (!TryKey(items[2], NoteAlgorithm.CosignatureV1, out var key, out string? error))
            return error;
        if (_witnesses.Any(witness => witness.Key.PublicKey.Equals(key.PublicKey)))
            return "another witness has the same public key";
        var witness = new PolicyWitness(items[1], key, items.ElementAtOrDefault(3));
        _witnesses.Add(witness);
        _names.Add(witness.Name, (witness, 1));
        return null;
    }

    private string? ParseGroup(string[] items)
    {
        if (items.Length < 4)
            return "expected: group <name> all|any|<k> <name>...";
        if (CheckNewName(items[1]) is { } nameError)
            return nameError;
        string[] memberNames = items[3..];
        foreach (string name in memberNames)
        {
            if (CheckMember(name) is { } error)
                return error;
        }
        if (memberNames.Distinct(StringComparer.Ordinal).Count() != memberNames.Length)
            return "a member is listed twice";
        int threshold = Threshold(items[2], memberNames.Length);
        if (threshold == 0)
            return "the threshold is all, any, or a decimal from 1 to the number of members";
        int depth = 1 + memberNames.Max(name => _names[name].Depth);
        if (depth > MaxDepth)
            return $"groups are nested at most {MaxDepth} deep";
        var group = new PolicyGroup(items[1], threshold, [.. memberNames.Select(name => _names[name].Member)]);
        _groups.Add(group);
        _names.Add(group.Name, (group, depth));
        _grouped.UnionWith(memberNames);
        return null;
    }

    private string? ParseQuorum(string[] items)
    {
        if (items.Length != 2)
            return "expected: quorum <name>";
        if (_hasQuorum)
            return "there is a quorum line already";
        if (items[1] != None && !_names.ContainsKey(items[1]))
            return "the quorum names nothing defined before it";
        _hasQuorum = true;
        _quorum = items[1] == None ? null : _names[items[1]].Member;
        return null;
    }

    private string? CheckNewName(string name) =>
        name == None ? "the name none is reserved" :
        _names.ContainsKey(name) ? "the name is already defined" : null;

    private string? CheckMember(string name) =>
        name == None ? "none cannot be a member" :
        !_names.ContainsKey(name) ? "a member is not defined before the group" :
        _grouped.Contains(name) ? "a member is already in another group" : null;

    private static int Threshold(string text, int members) => text switch
    {
        "all" => members,
        "any" => 1,
        _ => StrictText.TryDecimal(text, out long k) && k >= 1 && k <= members ? (int)k : 0,
    };

    private static bool TryKey(
        string octets,
        NoteAlgorithm algorithm,
        [NotNullWhen(true)] out VerifierKey? key,
        out string? error)
    {
        key = null;
        if (!StrictText.TryUtf8(Encoding.Latin1.GetBytes(octets), out string? vkey))
            error = "the key is not UTF-8";
        else if (VerifierKey.TryParse(vkey, out key, out error) && key.Algorithm != algorithm)
            error = $"the key has signature type 0x{(byte)key.Algorithm:x2}, not 0x{(byte)algorithm:x2}";
        if (error != null)
            key = null;
        return error == null;
    }
}
