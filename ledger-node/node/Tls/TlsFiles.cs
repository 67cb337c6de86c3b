using System.Security.Cryptography;
using RxChain.Node.Configuration;

namespace RxChain.Node.Tls;

/// <summary>
/// The present <see cref="TlsMaterial"/>. Files that changed are read again; until they can be read together, what was read
/// last goes on to count and an alarm says what is wrong.
/// </summary>
internal sealed class TlsFiles
{
    private readonly NodeConfig _config;
    private readonly IReadOnlyList<string> _files;
    private (DateTime, long)[] _stamps;
    private volatile TlsMaterial _current;
    private volatile string? _alarm;

    /// <summary>Reads the files; throws what <see cref="TlsMaterial.Read"/> does.</summary>
    public TlsFiles(NodeConfig config)
    {
        _config = config;
        _files = TlsMaterial.Files(config);
        // Before the files: what changes meanwhile is read again.
        _stamps = Stamps();
        _current = TlsMaterial.Read(config);
    }

    /// <summary>What counts now.</summary>
    public TlsMaterial Current => _current;

    /// <summary>Why changed files do not count yet, and whose authority was taken away.</summary>
    public IEnumerable<string> Alarms => (_alarm is { } alarm ? [alarm] : Array.Empty<string>()).Concat(
        from peer in _config.Peers
        where !_current.PeerAuthorities.ContainsKey(peer.Member)
        select $"peer {peer.Member} is shut out: its authority file {_config.PathOf(peer.Authority ?? "")} does not exist");

    /// <summary>Looks whether files have changed. Returns true when something else counts from now on.</summary>
    public bool Poll()
    {
        var stamps = Stamps();
        // After a failure each look is a try: a file may have been written again within one tick of the file system's clock.
        if (_alarm is null && stamps.AsSpan().SequenceEqual(_stamps))
            return false;
        try
        {
            _current = TlsMaterial.Read(_config);
            (_stamps, _alarm) = (stamps, null);
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or CryptographicException)
        {
            _alarm = $"changed certificate files do not count, those before still do: {e.Message}";
            return false;
        }
    }

    private (DateTime, long)[] Stamps() => [.. _files.Select(path => new FileInfo(path)).Select(file => file.Exists ? (file.LastWriteTimeUtc, file.Length) : default)];
}
