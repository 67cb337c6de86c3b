using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RxChain.Node.Hosting;

/// <summary>How this program serves, whoever is served.</summary>
internal static class WebHosting
{
    /// <summary>
    /// A builder that knows only what the node's own configuration says: no appsettings.json, no ASPNETCORE_ or Kestrel variables.
    /// </summary>
    /// <param name="shutdownPatience">How long a stop waits for calls; streams that wait for something new end only when they are cut off.</param>
    /// <param name="kestrel">Addresses and limits.</param>
    public static WebApplicationBuilder CreateBuilder(TimeSpan shutdownPatience, Action<KestrelServerOptions> kestrel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = shutdownPatience);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel);
        return builder;
    }
}
