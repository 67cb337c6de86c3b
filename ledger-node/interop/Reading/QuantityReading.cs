namespace RxChain.Interop.Reading;

/// <summary>FHIR R4 datatypes.html#Quantity.</summary>
internal static class QuantityReading
{
    public static FhirQuantity? Read(FhirNode quantity)
    {
        if (!quantity.Exists) return null;
        RefuseComparator(quantity);
        var unit = Unit(quantity);
        return new(quantity.Required("value").Positive(), unit.Exists ? unit.Text() : null);
    }

    /// <summary><c>code</c>, else <c>unit</c>.</summary>
    public static FhirNode Unit(FhirNode quantity) => quantity["code"].Exists ? quantity["code"] : quantity["unit"];

    /// <summary>A modifier element: "at least 3" is not 3.</summary>
    public static void RefuseComparator(FhirNode quantity)
    {
        if (quantity["comparator"].Exists) quantity["comparator"].Fail("changes the meaning and is not understood");
    }
}
