namespace RxChain.Interop;

/// <summary>The first thing in a FHIR document that was not understood.</summary>
/// <param name="Path">Where, as a JSON path from the root, for instance
/// <c>$.entry[1].resource.dispenseRequest.quantity.value</c>.</param>
/// <param name="Message">What is wrong there. Quotes codes, numbers and references, never names.</param>
public sealed record FhirError(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}
