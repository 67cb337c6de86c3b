using RxChain.Ledger.Native;

namespace RxChain.Ledger.Tests.Native;

/// <summary>A test for where libcrypto is called directly.</summary>
internal sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute() => Skip = LibCrypto.IsThatOfDotNet ? null : "no libcrypto.so.3 of the version that .NET uses";
}
