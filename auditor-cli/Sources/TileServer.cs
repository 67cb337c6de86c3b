using System.Net;
using System.Net.Security;
using RxChain.Auditor.Findings;

namespace RxChain.Auditor.Sources;

/// <summary>A live node's tiles: over HTTPS, or in plaintext on loopback.</summary>
internal sealed class TileServer : TileLog
{
    private readonly HttpClient _http;

    /// <param name="address">Where they are.</param>
    /// <param name="tls">Who asks, and whom to believe; null in plaintext.</param>
    public TileServer(Uri address, SslClientAuthenticationOptions? tls)
        : base(address.ToString().TrimEnd('/'))
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None };
        if (tls is not null)
            handler.SslOptions = tls;
        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override (byte[]? Bytes, Finding? Problem) Fetch(string path, int maxBytes)
    {
        string address = Show(path);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = _http.Send(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return (null, null);
            if (!response.IsSuccessStatusCode)
                return (null, Finding.CannotEvaluate("unreachable", $"answers {(int)response.StatusCode}", file: address));
            return ReadBody(response.Content, address, maxBytes);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            return (null, Finding.CannotEvaluate("unreachable", e.Message, file: address));
        }
    }

    protected override string Show(string path) => $"{Name}/{path}";

    private static (byte[]? Bytes, Finding? Problem) ReadBody(HttpContent content, string address, int maxBytes)
    {
        using var body = content.ReadAsStream();
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        for (int read; (read = body.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > maxBytes)
                return (null, Finding.Tampered("grammar", $"more than {maxBytes} bytes", file: address));
        }
        return (bytes.ToArray(), null);
    }
}
