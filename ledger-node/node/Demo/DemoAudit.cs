using System.Diagnostics;

namespace RxChain.Node.Demo;

/// <summary>Runs the auditor as a program of its own: it shares no code with the node but the formats.</summary>
internal static class DemoAudit
{
    private static string Program => Path.Combine(AppContext.BaseDirectory, "rxaudit", "rxaudit.dll");

    /// <summary>Runs <c>rxaudit</c>, passes its words on, and returns its exit code.</summary>
    public static async Task<int> RunAsync(params string[] arguments)
    {
        Console.WriteLine($"$ rxaudit {string.Join(' ', arguments)}");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        foreach (string line in (await output + await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Console.WriteLine($"  {line}");
        Console.WriteLine($"  exit code {process.ExitCode}");
        return process.ExitCode;
    }

    /// <summary>Copies a member's log and changes one bit of one byte in the middle of it.</summary>
    public static string Tamper(string memberDirectory, string copy)
    {
        CopyDirectory(memberDirectory, copy);
        string segment = Directory.EnumerateFiles(Path.Combine(copy, "log")).Where(f => new FileInfo(f).Length > 1 << 20).Order(StringComparer.Ordinal).First();
        byte[] bytes = File.ReadAllBytes(segment);
        int used = Array.FindLastIndex(bytes, b => b != 0);
        int at = used / 2;
        bytes[at] ^= 1;
        File.WriteAllBytes(segment, bytes);
        return $"{segment}, byte {at}";
    }

    private static void CopyDirectory(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(from, file);
            // Keys and the lock are not part of what is audited.
            if (relative.StartsWith("keys", StringComparison.Ordinal) || relative is "lock" or "pid")
                continue;
            string target = Path.Combine(to, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
