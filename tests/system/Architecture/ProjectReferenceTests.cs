using System.Xml.Linq;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Architecture;

/// <summary>
/// The dependencies of DESIGN: contract ← ledger ← engine ← adapters ← executable; adapters never know each other; the
/// auditor knows no part of a node; one third-party package per adapter.
/// </summary>
public sealed class ProjectReferenceTests
{
    /// <summary>What each project may reference: projects, then packages. What is not here does not exist yet.</summary>
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Allowed = new()
    {
        ["contracts/prescriptions/RxChain.Prescriptions"] = ([], ["Google.Protobuf", "Grpc.Tools"]),
        ["ledger-node/ledger/RxChain.Ledger"] = (["RxChain.Prescriptions"], ["Portable.BouncyCastle", "BouncyCastle.Cryptography"]),
        ["ledger-node/engine/RxChain.Engine"] = (["RxChain.Ledger"], []),
        ["ledger-node/storage/RxChain.Storage"] = (["RxChain.Engine"], ["Microsoft.Data.Sqlite", "SQLitePCLRaw.bundle_e_sqlite3"]),
        ["ledger-node/ordering-etcd/RxChain.Ordering.Etcd"] = (["RxChain.Engine"], ["Google.Protobuf", "Grpc.Tools"]),
        ["ledger-node/peers/RxChain.Peers"] = (["RxChain.Engine", "RxChain.Protocol"], []),
        ["ledger-node/interop/RxChain.Interop"] = (["RxChain.Prescriptions"], []),
        ["ledger-node/node/RxChain.Node"] =
            (["RxChain.Engine", "RxChain.Storage", "RxChain.Ordering.Etcd", "RxChain.Peers", "RxChain.Interop", "RxChain.GrpcApi", "RxChain.Client", "RxChain.Auditor"], ["OpenTelemetry.Exporter.OpenTelemetryProtocol", "System.CommandLine"]),
        ["grpc-api/protos/RxChain.Protocol"] = (["RxChain.Prescriptions"], ["Google.Protobuf", "Grpc.Tools"]),
        ["grpc-api/services/RxChain.GrpcApi"] = (["RxChain.Engine", "RxChain.Protocol"], []),
        ["grpc-api/client/RxChain.Client"] = (["RxChain.Protocol", "RxChain.Prescriptions", "RxChain.Ledger"], []),
        ["grpc-api/samples/csharp/RxChain.Sample"] = (["RxChain.Client"], []),
        ["grpc-api/upstream/Grpc.Core.Api/Grpc.Core.Api"] = ([], []),
        ["grpc-api/upstream/Grpc.Net.Common/Grpc.Net.Common"] = (["Grpc.Core.Api"], []),
        ["auditor-cli/RxChain.Auditor"] =
            (["RxChain.Ledger", "RxChain.Protocol", "RxChain.Client"],
            ["Microsoft.Data.Sqlite", "SQLitePCLRaw.bundle_e_sqlite3", "Spectre.Console", "System.CommandLine"]),
    };

    private static readonly string[] ProductFolders = ["contracts", "ledger-node", "grpc-api", "auditor-cli"];

    public static TheoryData<string> Products => [.. ProductFolders.SelectMany(Projects).Select(Name)];

    [Fact]
    public void Products_AreFound() => Assert.True(Products.Count >= 9);

    [Theory]
    [MemberData(nameof(Products))]
    public void Project_ReferencesOnlyWhatDesignAllows(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is not in the table of this test: does DESIGN, section 2, have it?");
        var file = XDocument.Load(Path.Combine(Programs.Repository, project + ".csproj"));

        var projects = References(file, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
        Assert.Empty(projects.Except(allowed.Projects));
        Assert.Empty(References(file, "PackageReference").Except(allowed.Packages));
        Assert.Empty(References(file, "Reference"));
    }

    [Fact]
    public void Node_BuildsTheAuditorBesideIt_AndDoesNotLoadIt()
    {
        var file = XDocument.Load(Path.Combine(Programs.Repository, "ledger-node/node/RxChain.Node.csproj"));
        var auditor = file.Descendants("ProjectReference").Single(r => r.Attribute("Include")!.Value.Contains("RxChain.Auditor", StringComparison.Ordinal));
        Assert.Equal("false", auditor.Attribute("ReferenceOutputAssembly")?.Value);
        Assert.Equal("false", auditor.Attribute("Private")?.Value);
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(Programs.Node)!, "rxaudit.dll")));
    }

    [Fact]
    public void Tests_AreAtMostFourAssemblies() =>
        Assert.InRange(Projects("tests").Count(path => path.EndsWith(".Tests.csproj", StringComparison.Ordinal)), 1, 4);

    /// <summary>Property files that all projects below them import hold no references of their own, but for the tests' packages.</summary>
    [Fact]
    public void SharedProperties_BringNoProject()
    {
        foreach (string file in new[] { "Directory.Build.props", "tests/Directory.Build.props" })
            Assert.Empty(References(XDocument.Load(Path.Combine(Programs.Repository, file)), "ProjectReference"));
    }

    private static IEnumerable<string> References(XDocument file, string element) =>
        file.Descendants(element).Select(reference => reference.Attribute("Include")?.Value).OfType<string>();

    private static IEnumerable<string> Projects(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Programs.Repository, folder), "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string Name(string path) =>
        Path.ChangeExtension(Path.GetRelativePath(Programs.Repository, path), null).Replace('\\', '/');
}
