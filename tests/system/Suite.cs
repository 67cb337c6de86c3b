using System.Diagnostics;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace RxChain.SystemTests;

/// <summary>What the tests of one suite share. Prints how long they took and how long they may.</summary>
public abstract class Suite(IMessageSink output, string name, int budgetSeconds) : IAsyncLifetime
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync()
    {
        output.OnMessage(new DiagnosticMessage($"{name}: {_clock.Elapsed.TotalSeconds:0.0} s of {budgetSeconds} s"));
        return Task.CompletedTask;
    }
}
