using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RxChain.GrpcApi.Hosting;

/// <summary>Without TLS and client authentication a node listens on loopback, and nowhere else.</summary>
public static class LoopbackOnly
{
    /// <summary>Makes every endpoint configured after this call fail unless it is on loopback, a pipe or a Unix socket.</summary>
    /// <exception cref="InvalidOperationException">Thrown by the endpoint that is configured; the message names it.</exception>
    public static void RefuseOtherAddresses(this KestrelServerOptions kestrel) =>
        kestrel.ConfigureEndpointDefaults(listen =>
        {
            if (listen.IPEndPoint is { } endpoint && FirstFault(endpoint) is { } fault)
                throw new InvalidOperationException(fault);
        });

    /// <summary>Null for a loopback address, else why it is refused.</summary>
    public static string? FirstFault(IPEndPoint endpoint) => IPAddress.IsLoopback(endpoint.Address)
        ? null
        : $"Refusing to listen on {endpoint}: without mutual TLS anybody there could submit and read. Listen on 127.0.0.1 or [::1].";
}
