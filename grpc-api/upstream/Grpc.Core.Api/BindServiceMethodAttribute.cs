using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>Put by generated code on a service's base class: which static method binds it.</summary>
/// <param name="bindType">The class with the method.</param>
/// <param name="bindMethodName">The method, which takes a <see cref="ServiceBinderBase"/> and the service or null.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = true)]
public sealed class BindServiceMethodAttribute(
    [DynamicallyAccessedMembers(BindServiceMethodAttribute.ReachedMethods)] Type bindType,
    string bindMethodName) : Attribute
{
    private const DynamicallyAccessedMemberTypes ReachedMethods =
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;

    /// <summary>The class with the method.</summary>
    [DynamicallyAccessedMembers(ReachedMethods)]
    public Type BindType { get; } = bindType;

    /// <summary>The method's name.</summary>
    public string BindMethodName { get; } = bindMethodName;
}
