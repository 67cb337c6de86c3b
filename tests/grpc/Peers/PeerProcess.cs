using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace RxChain.Grpc.Tests.Peers;

/// <summary>A client or server in a process of its own, which is spoken to in lines and ends with its input.</summary>
public sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private PeerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where this project's source is.</summary>
    public static string SourceDirectory { get; } = Built("SourceDirectory");

    /// <summary>The most memory that the process ever had resident, in bytes.</summary>
    public long PeakMemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>What the project file says about the build: see its AssemblyMetadata items.</summary>
    public static string Built(string key) => typeof(PeerProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;

    public static PeerProcess Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = SourceDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
        try
        {
            return new PeerProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{program} is missing; run tests/install.sh.", e);
        }
    }

    /// <summary>The next line of output.</summary>
    /// <exception cref="InvalidOperationException">The process ended; the message is what it complained of.</exception>
    public async Task<string> ReadLine() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience)
        ?? throw new InvalidOperationException(
            $"{_process.StartInfo.FileName} ended; has tests/install.sh run? {await _errors}");

    public Task WriteLine(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Ends the process.</summary>
    /// <exception cref="TimeoutException">It did not end with its input, and was killed.</exception>
    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            _process.StandardInput.Close();
            try
            {
                await _process.WaitForExitAsync().WaitAsync(s_patience);
            }
            finally
            {
                _process.Kill(entireProcessTree: true);
            }
        }
    }
}
