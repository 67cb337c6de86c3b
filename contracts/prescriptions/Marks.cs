namespace RxChain.Prescriptions;

/// <summary>What regulators are told about an act: the marks of ActRef in state.proto, which says what each means.</summary>
[Flags]
public enum Marks : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>More was handed over than the prescription had left.</summary>
    ExcessSupply = 1,

    /// <summary>A pack was handed over that was used before, or elsewhere.</summary>
    PackConflict = 2,

    /// <summary>Claimed without the patient's or the payer's authority.</summary>
    ClaimOverride = 4,

    /// <summary>A settled supply was taken back.</summary>
    RecoveryDue = 8,

    /// <summary>Handed over without a prescription.</summary>
    EmergencySupply = 16,
}
