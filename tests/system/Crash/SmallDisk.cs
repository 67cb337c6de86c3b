using System.Diagnostics;

namespace RxChain.SystemTests.Crash;

/// <summary>A small file system in memory, mounted for one test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _filler;

    public SmallDisk(int megabytes)
    {
        Path = Directory.CreateTempSubdirectory("rxchain-disk-").FullName;
        _filler = System.IO.Path.Combine(Path, "filler");
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Path) is { ExitCode: not 0 } failed)
        {
            Directory.Delete(Path);
            throw new InvalidOperationException($"mount: {failed.Error}");
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(_filler, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        byte[] page = new byte[4096];
        try
        {
            while (true)
                file.Write(page);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(_filler);

    /// <inheritdoc/>
    public void Dispose()
    {
        var unmounted = Run("umount", Path);
        Assert.True(unmounted.ExitCode == 0, unmounted.Error);
        Directory.Delete(Path);
    }

    private static (int ExitCode, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}

/// <summary>A fact that mounts file systems: skipped, with the reason, where that cannot be done; root in CI must be able to.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TmpfsFactAttribute : FactAttribute
{
    private static readonly string? Reason = WhyNot();

    public TmpfsFactAttribute() => Skip = Reason;

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "mounts a tmpfs: needs root on Linux";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            return null;
        try
        {
            new SmallDisk(1).Dispose();
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"mounts a tmpfs, which is not allowed here: {e.Message}";
        }
    }
}
