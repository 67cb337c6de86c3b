namespace RxChain.Prescriptions;

/// <summary>Every version of the rules that this binary has.</summary>
public static class Contracts
{
    private static readonly PrescriptionContractV1 V1 = new();

    /// <summary>The rules of a version, or null when this binary lacks it: then the node must stop.</summary>
    public static IContract? ForVersion(uint version) => version == V1.Version ? V1 : null;
}
