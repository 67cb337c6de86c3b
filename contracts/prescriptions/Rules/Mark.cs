namespace RxChain.Prescriptions.Rules;

/// <summary>What regulators are told about an act: the marks of ActRef in state.proto.</summary>
[Flags]
internal enum Mark : uint
{
    None = 0,
    ExcessSupply = 1,
    PackConflict = 2,
    ClaimOverride = 4,
    RecoveryDue = 8,
    EmergencySupply = 16,
}
