namespace RxChain.Interop.Reading;

/// <summary>Keeps the first problem of one reading. What is read after it is thrown away.</summary>
internal sealed class FhirProblems
{
    public FhirError? First { get; private set; }

    public void Report(string path, string message) => First ??= new FhirError(path, message);
}
