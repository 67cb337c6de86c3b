using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace RxChain.Ledger.Tests.Interop;

/// <summary>Changes one place of a JSON document, named like <c>entry[1].resource.status</c>.</summary>
internal static class JsonEdit
{
    /// <summary>Puts <paramref name="json"/> there, or removes what is there when it is null.</summary>
    public static byte[] Set(byte[] document, string path, string? json)
    {
        var root = JsonNode.Parse(document)!;
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries);
        var target = steps[..^1].Aggregate(root, (node, step) => Index(step) is { } i ? node[i]! : node[step]!);
        if (Index(steps[^1]) is { } index) SetItem(target.AsArray(), index, json);
        else if (json is null) Assert.True(target.AsObject().Remove(steps[^1]), path);
        else target[steps[^1]] = JsonNode.Parse(json);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static void SetItem(JsonArray array, int index, string? json)
    {
        if (json is null) array.RemoveAt(index);
        else if (index == array.Count) array.Add(JsonNode.Parse(json));
        else array[index] = JsonNode.Parse(json);
    }

    private static int? Index(string step) =>
        step[0] == '[' ? int.Parse(step[1..^1], CultureInfo.InvariantCulture) : null;
}
