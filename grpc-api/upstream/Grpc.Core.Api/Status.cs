namespace Grpc.Core;

/// <summary>How a call ended. Two are equal when all three parts are.</summary>
/// <param name="statusCode">The code, sent as <c>grpc-status</c>.</param>
/// <param name="detail">Text for people, sent as <c>grpc-message</c>.</param>
/// <param name="debugException">What the local transport knows; never sent.</param>
public readonly struct Status(StatusCode statusCode, string detail, Exception? debugException)
{
    /// <summary>OK without text.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>Cancelled without text.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    /// <summary>A status without a local cause.</summary>
    /// <param name="statusCode">The code.</param>
    /// <param name="detail">Text for people.</param>
    public Status(StatusCode statusCode, string detail)
        : this(statusCode, detail, null)
    {
    }

    /// <summary>The code.</summary>
    public StatusCode StatusCode { get; } = statusCode;

    /// <summary>Text for people; no program should depend on it.</summary>
    public string Detail { get; } = detail;

    /// <summary>The local cause, on the client only.</summary>
    public Exception? DebugException { get; } = debugException;

    /// <summary>Both parts, and the local cause if there is one, for logs.</summary>
    public override string ToString()
    {
        var cause = DebugException is null ? "" : $", DebugException=\"{DebugException}\"";
        return $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\"{cause})";
    }
}
