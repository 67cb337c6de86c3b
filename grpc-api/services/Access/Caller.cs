using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RxChain.GrpcApi.Access;

/// <summary>The client at the other end of a connection.</summary>
/// <param name="Name">Name in its certificate; without TLS its address.</param>
/// <param name="Roles">What it may do.</param>
public sealed record Caller(string Name, IReadOnlyList<ClientRole> Roles);

/// <summary>Who calls is found out once for each connection.</summary>
public static class ConnectionCaller
{
    /// <summary>Has the connections of an endpoint identified, after TLS if it has any. One that is not has no rights at all.</summary>
    public static void UseCaller(this ListenOptions listen, Func<ConnectionContext, Caller> identify) =>
        listen.Use(next => connection =>
        {
            connection.Features.Set(new Identified(identify(connection)));
            return next(connection);
        });

    /// <summary>Where there is no TLS because the operator asked for that: whoever is on this machine may do everything.</summary>
    public static void UseAnyCaller(this ListenOptions listen)
    {
        var anybody = new Caller("loopback", ClientRoles.All);
        listen.UseCaller(_ => anybody);
    }

    /// <summary>Who makes this request.</summary>
    internal static Caller? Caller(this HttpContext context) => context.Features.Get<Identified>()?.Caller;

    private sealed record Identified(Caller Caller);
}
