using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;

namespace RxChain.Grpc.Tests.Upstream;

/// <summary>The unmodified upstream binaries find everything they name.</summary>
[Collection(UpstreamSuite.Name)]
public sealed class ReferenceTests
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // Enough stand-in arguments for any generic parameter that a signature names.
    private static readonly Type[] s_genericArguments = [.. Enumerable.Repeat(typeof(object), 16)];

    public static TheoryData<string> Binaries =>
        [typeof(GrpcChannel).Assembly.GetName().Name!, typeof(GrpcServiceOptions).Assembly.GetName().Name!];

    [Theory]
    [MemberData(nameof(Binaries))]
    public void AssemblyReferences_ToGrpc_HaveTheExactIdentity(string binary)
    {
        var references = Assembly.Load(binary).GetReferencedAssemblies().Where(name => IsGrpc(name.Name)).ToList();

        Assert.NotEmpty(references);
        Assert.All(references, name => Assert.Equal(name.FullName, Assembly.Load(name).FullName));
    }

    [Theory]
    [MemberData(nameof(Binaries))]
    public void TypeReferences_All_ResolveToVisibleTypes(string binary)
    {
        var module = Assembly.Load(binary).ManifestModule;
        using var pe = Open(module);
        var tokens = pe.GetMetadataReader().TypeReferences.Select(handle => MetadataTokens.GetToken(handle)).ToList();

        var grpc = tokens.Select(token => module.ResolveType(token)).Where(IsGrpc).ToList();

        Assert.True(grpc.Count > 30, $"{binary} names only {grpc.Count} gRPC types");
        Assert.All(grpc, type => Assert.True(type.IsVisible, $"{type} is not visible"));
    }

    [Theory]
    [MemberData(nameof(Binaries))]
    public void MemberReferences_All_ResolveToAccessibleMembers(string binary)
    {
        var module = Assembly.Load(binary).ManifestModule;
        using var pe = Open(module);
        var metadata = pe.GetMetadataReader();

        var grpc = metadata.MemberReferences
            .Where(handle => IsGrpc(module, metadata, metadata.GetMemberReference(handle).Parent))
            .Select(handle => module.ResolveMember(MetadataTokens.GetToken(handle), s_genericArguments, s_genericArguments)!)
            .ToList();

        Assert.True(grpc.Count > 60, $"{binary} names only {grpc.Count} gRPC members");
        Assert.All(grpc, member => Assert.True(IsAccessible(member), $"{member.DeclaringType}.{member} is not accessible"));
    }

    [Theory]
    [MemberData(nameof(Binaries))]
    public void Types_All_LoadAndEveryOverrideOverrides(string binary)
    {
        var overrides = Assembly.Load(binary).GetTypes()
            .SelectMany(type => type.GetMethods(Declared))
            .Where(method => method.IsVirtual && !method.Attributes.HasFlag(MethodAttributes.NewSlot))
            .ToList();

        Assert.NotEmpty(overrides);
        Assert.All(overrides, method => Assert.NotEqual(method.DeclaringType, method.GetBaseDefinition().DeclaringType));
    }

    private static PEReader Open(Module module) => new(File.OpenRead(module.FullyQualifiedName));

    private static bool IsGrpc(Module module, MetadataReader metadata, EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeReference => IsGrpc(module.ResolveType(MetadataTokens.GetToken(type))),
        HandleKind.TypeSpecification => IsGrpc(module, metadata, GenericType(metadata, (TypeSpecificationHandle)type)),
        _ => false,
    };

    /// <summary>The C of a C&lt;…&gt; (ECMA-335, II.23.2.14); nothing for an array or a type parameter.</summary>
    private static EntityHandle GenericType(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        var isInstance = signature.ReadSignatureTypeCode() == SignatureTypeCode.GenericTypeInstance;
        signature.ReadCompressedInteger();
        return isInstance ? signature.ReadTypeHandle() : default(EntityHandle);
    }

    private static bool IsGrpc(Type type) => IsGrpc(type.Assembly.GetName().Name);

    private static bool IsGrpc(string? name) => name is "Grpc.Core.Api" or "Grpc.Net.Common";

    private static bool IsAccessible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => false,
    };
}
