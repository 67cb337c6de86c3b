using System.Diagnostics;
using RxChain.SystemTests.Processes;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace RxChain.SystemTests.Demo;

/// <summary>One run of <c>rxnode demo</c>, whose directories the tests look into.</summary>
public sealed class DemoRun(IMessageSink output) : Suite(output, "Demo", 90)
{
    /// <summary>The members, by the names of their directories.</summary>
    public static readonly string[] Members = ["hospital", "pharmacy-north", "pharmacy-south", "regulator"];

    private readonly IMessageSink _output = output;

    internal Finished Finished { get; private set; } = null!;

    internal string Root { get; } = Directory.CreateTempSubdirectory("rxchain-demo-test-").FullName;

    internal string Data => Path.Combine(Root, "demo");

    internal string Policy => Path.Combine(Data, "policy.txt");

    public override Task InitializeAsync()
    {
        var clock = Stopwatch.StartNew();
        Finished = Programs.RunNode("demo", "--data", Data, "--prescriptions", "25");
        _output.OnMessage(new DiagnosticMessage($"rxnode demo --prescriptions 25: {clock.Elapsed.TotalSeconds:0.0} s of 30 s"));
        return Task.CompletedTask;
    }

    public override Task DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return base.DisposeAsync();
    }

    /// <summary>A copy of a member's directory that a test may change.</summary>
    internal string Copy(string member, string name)
    {
        string target = Path.Combine(Root, name);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Data, member), "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(target, Path.GetRelativePath(Path.Combine(Data, member), file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return target;
    }

    internal Finished Verify(string source) => Programs.RunAuditor("verify", source, "--policy", Policy);
}

[CollectionDefinition(Name)]
public sealed class DemoCollection : ICollectionFixture<DemoRun>
{
    public const string Name = "Demo";
}
