using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RxChain.Grpc.EchoServer;

// Serves Echo in plaintext on a free port, which it prints, until its input ends.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Limits.Http2.MaxStreamsPerConnection = 4096;
    kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
});
builder.Services.AddSingleton<Observer>();
builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<KindInterceptor>());

await using var app = builder.Build();
app.MapGrpcService<EchoService>();
await app.StartAsync();
Console.WriteLine(new Uri(app.Urls.Single()).Port);
await Console.In.ReadToEndAsync();
await app.StopAsync();
