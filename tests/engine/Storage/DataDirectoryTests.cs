using System.Diagnostics;
using System.Runtime.Versioning;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Storage;

[UnsupportedOSPlatform("windows")]
public sealed class DataDirectoryTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Open_Twice_NamesTheHolder()
    {
        using (DataDirectory.Open(_temporary["node"]))
        {
            var e = Assert.Throws<IOException>(() => DataDirectory.Open(_temporary["node"]));
            Assert.Contains($"pid {Environment.ProcessId}", e.Message, StringComparison.Ordinal);
        }
        DataDirectory.Open(_temporary["node"]).Dispose();
    }

    [Fact]
    public void Open_KeepsOtherProcessesOut()
    {
        using var directory = DataDirectory.Open(_temporary["node"]);
        using var other = Process.Start(new ProcessStartInfo("flock", ["--nonblock", _temporary["node/lock"], "true"]))!;
        other.WaitForExit();
        Assert.Equal(1, other.ExitCode);
    }

    [Fact]
    public void Open_WhileAnotherProcessHoldsIt_IsRefused()
    {
        DataDirectory.Open(_temporary["node"]).Dispose();
        using var other = Process.Start(new ProcessStartInfo("flock", [_temporary["node/lock"], "cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        other.StandardInput.WriteLine("held");
        Assert.Equal("held", other.StandardOutput.ReadLine());
        Assert.Throws<IOException>(() => DataDirectory.Open(_temporary["node"]));
        other.StandardInput.Close();
        other.WaitForExit();
        DataDirectory.Open(_temporary["node"]).Dispose();
    }

    [Fact]
    public void Open_TakesTheDirectoryFromOthers()
    {
        string root = _temporary["node"];
        Directory.CreateDirectory(root, (UnixFileMode)0b111_111_111);
        using var directory = DataDirectory.Open(root);
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(root));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.KeysDirectory));
    }

    [Fact]
    public void Secret_IsWrittenOnceForItsOwnerAlone_AndRefusedWhenWider()
    {
        string path = _temporary["key"];
        SecretFile.Write(path, [1, 2, 3]);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.Equal([1, 2, 3], SecretFile.Read(path));
        Assert.Throws<IOException>(() => SecretFile.Write(path, [4]));
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.GroupRead);
        var e = Assert.Throws<UnauthorizedAccessException>(() => SecretFile.Read(path));
        Assert.Contains("640", e.Message, StringComparison.Ordinal);
        Assert.Equal(["key"], Directory.GetFiles(_temporary.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void Node_OnARealDisk_StartsAgainAndIsBackedUp()
    {
        var sample = new SampleLog(seed: 20);
        using var directory = DataDirectory.Open(_temporary["node"]);
        using (var log = SegmentLeafLog.Open(directory, 0))
        {
            for (int i = 0; i < 200; i++)
                sample.Append(log);
            log.Flush();
            using var cosigned = CosignedHeadFile.Open(directory);
            cosigned.Save(new CosignedHead(log.Size, Hash32.Sha256([])));
            SecretFile.Write(Path.Combine(directory.KeysDirectory, "cosigner"), [1]);
            long copied = LogBackup.Copy(directory.Root, _temporary["backup"]);
            Assert.Equal(log.Size, copied);
            sample.Append(log);
        }
        using (var log = SegmentLeafLog.Open(directory, 0))
            sample.CheckContents(log);
        Assert.Equal(["durable", "00000000.seg"], Files("backup").Order(StringComparer.Ordinal).Reverse());
        Assert.Throws<IOException>(() => LogBackup.Restore(_temporary["backup"], directory));
        using var restored = DataDirectory.Open(_temporary["restored"]);
        Assert.Equal(sample.Seals[^2], LogBackup.Restore(_temporary["backup"], restored));
        using var restoredLog = SegmentLeafLog.Open(restored, sample.Seals[^2]);
        sample.CheckContents(restoredLog);
        Assert.All(Directory.GetFiles(restored.Root + "/log"), f => Assert.Equal(OwnerOnly, File.GetUnixFileMode(f)));
    }

    private IEnumerable<string> Files(string directory) =>
        Directory.EnumerateFiles(_temporary[directory], "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!);
}
