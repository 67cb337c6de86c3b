using System.Diagnostics;

namespace RxChain.Bench.Processes;

/// <summary>A real <c>rxnode run</c>.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private NodeProcess(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it serves gRPC.</summary>
    public string Address { get; }

    public double PeakMegabytes => ProcessFigures.PeakMegabytes(_process.Id);

    public double CpuSeconds => ProcessFigures.CpuSeconds(_process.Id);

    public static async Task<NodeProcess> StartAsync(string data)
    {
        var start = ChildProcess.StartInfo(ChildProcess.NodeProgram, ["run", "--data", data]);
        start.Environment["RXNODE_LISTEN"] = "127.0.0.1:0";
        start.Environment["RXNODE_TILES"] = "127.0.0.1:0";
        var process = Process.Start(start)!;
        string line = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("rxnode did not start.");
        string address = line.Split("gRPC ")[1].Split(',')[0];
        return new NodeProcess(process, address);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Stops the node in good order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await ChildProcess.TerminateAsync(_process);
        _process.Dispose();
    }
}
