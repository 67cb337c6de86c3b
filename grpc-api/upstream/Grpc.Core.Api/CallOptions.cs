namespace Grpc.Core;

/// <summary>What a caller sets for one call. Immutable: each <c>With…</c> returns a changed copy.</summary>
/// <param name="headers">Sent first; null for none.</param>
/// <param name="deadline">UTC time by which the call must have ended; null for never.</param>
/// <param name="cancellationToken">Cancels the call.</param>
/// <param name="writeOptions">How requests are written; null for the default.</param>
/// <param name="propagationToken">Ties the call to the server call it is made from.</param>
/// <param name="credentials">Credentials of this call, on secure channels only.</param>
public readonly struct CallOptions(
    Metadata? headers = null,
    DateTime? deadline = null,
    CancellationToken cancellationToken = default,
    WriteOptions? writeOptions = null,
    ContextPropagationToken? propagationToken = null,
    CallCredentials? credentials = null)
{
    /// <summary>Sent first; null for none.</summary>
    public Metadata? Headers { get; private init; } = headers;

    /// <summary>UTC time by which the call must have ended; null for never.</summary>
    public DateTime? Deadline { get; private init; } = deadline;

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; private init; } = cancellationToken;

    /// <summary>How requests are written; null for the default.</summary>
    public WriteOptions? WriteOptions { get; private init; } = writeOptions;

    /// <summary>Ties the call to the server call it is made from.</summary>
    public ContextPropagationToken? PropagationToken { get; } = propagationToken;

    /// <summary>Credentials of this call.</summary>
    public CallCredentials? Credentials { get; private init; } = credentials;

    /// <summary>Whether the call waits for a connection instead of failing with Unavailable.</summary>
    public bool IsWaitForReady { get; private init; }

    /// <summary>These options with other headers.</summary>
    public CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>These options with another deadline, in UTC.</summary>
    public CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>These options with another token.</summary>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) =>
        this with { CancellationToken = cancellationToken };

    /// <summary>These options with other write options.</summary>
    public CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };

    /// <summary>These options with other credentials.</summary>
    public CallOptions WithCredentials(CallCredentials credentials) => this with { Credentials = credentials };

    /// <summary>These options with waiting for a connection on or off.</summary>
    public CallOptions WithWaitForReady(bool waitForReady = true) => this with { IsWaitForReady = waitForReady };
}
