using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace RxChain.SystemTests.Processes;

/// <summary>A real <c>rxnode run</c>. Killed, by its id, when it is disposed and still there.</summary>
internal sealed partial class RunningNode : IDisposable
{
    private const int Terminate = 15, Continue = 18, Freeze = 19;

    /// <summary>How long a node may take to start, or to stop when told to.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Ports that the system chooses.</summary>
    private static readonly Dictionary<string, string> AnyPorts = new()
    {
        ["RXNODE_LISTEN"] = "127.0.0.1:0",
        ["RXNODE_TILES"] = "127.0.0.1:0",
    };

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task<string> _error;

    private RunningNode(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Where it serves gRPC.</summary>
    public Uri GrpcAddress { get; private set; } = null!;

    /// <summary>Where it serves tiles.</summary>
    public Uri TileAddress { get; private set; } = null!;

    /// <summary>Starts the process and does not wait for it.</summary>
    public static RunningNode Begin(string data, IEnumerable<KeyValuePair<string, string>>? environment = null, params string[] arguments) =>
        new(Programs.Start(Programs.Node, ["run", "--data", data, .. arguments], new Dictionary<string, string>([.. AnyPorts, .. environment ?? []])));

    /// <summary>Starts the process and reads its addresses.</summary>
    /// <param name="data">Its data directory.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="arguments">More arguments.</param>
    /// <param name="patience">How long the start may take; a minute, unless it has much to rebuild.</param>
    public static async Task<RunningNode> StartAsync(
        string data, IEnumerable<KeyValuePair<string, string>>? environment = null, TimeSpan? patience = null, params string[] arguments)
    {
        var node = Begin(data, environment, arguments);
        try
        {
            await node.ReadAddressesAsync(patience ?? Patience);
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>A <c>run</c> that is expected to end by itself.</summary>
    public static Finished RunToEnd(string data) => Programs.Run(Programs.Node, ["run", "--data", data], AnyPorts);

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGSTOP: it holds its connections and answers nothing.</summary>
    public void Pause() => Send(Freeze);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Send(Continue);

    /// <summary>SIGTERM, and what it said until it ended.</summary>
    public async Task<Finished> StopAsync()
    {
        Send(Terminate);
        return await EndAsync();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<Finished> EndAsync()
    {
        _output.Append(await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience));
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return new Finished(_process.ExitCode, _output.ToString(), await _error);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Send(int signal) => Assert.Equal(0, Signal(_process.Id, signal));

    private async Task ReadAddressesAsync(TimeSpan patience)
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(patience) is { } line)
        {
            _output.AppendLine(line);
            if (Addresses().Match(line) is not { Success: true } match)
                continue;
            (GrpcAddress, TileAddress) = (new Uri(match.Groups[1].Value), new Uri(match.Groups[2].Value));
            return;
        }
        throw new InvalidOperationException($"The node ended: {await _error}");
    }

    [GeneratedRegex(@"gRPC (https?://\S+), tiles (https?://\S+)")]
    private static partial Regex Addresses();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
