using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SpeechStream.Gateway.Hosting;

/// <summary>The web server: one loopback port, a path for each service and its tokens, nothing read from files, arguments or the environment.</summary>
internal static class GatewayHost
{
    /// <summary>Bytes taken before they are asked for: a gateway that stops reading must be felt after seconds of audio, not minutes.</summary>
    private const int ReadAhead = 64 * 1024;

    public static WebApplication Build(LocalGatewayOptions options, IReadOnlyDictionary<string, RequestDelegate> paths)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        if (options.LoggerFactory is not null)
        {
            builder.Services.AddSingleton(options.LoggerFactory);
        }

        builder.WebHost
            .UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .UseSockets(sockets =>
            {
                sockets.CreateBoundListenSocket = Listen;
                if (options.Recognizer.WritesThrough)
                {
                    sockets.MaxWriteBufferSize = 1;
                }
            })
            .ConfigureKestrel(kestrel => Configure(kestrel, options));
        var application = builder.Build();
        application.Use(TakeFirstHandshakeValuesAsync);
        application.UseWebSockets();
        application.Run(context => paths.GetValueOrDefault(context.Request.Path.Value ?? "", NotFoundAsync)(context));
        return application;
    }

    private static void Configure(KestrelServerOptions kestrel, LocalGatewayOptions options)
    {
        kestrel.AddServerHeader = false;

        kestrel.Limits.MaxRequestBufferSize = ReadAhead;
        kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (options.Certificate is not null)
            {
                listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = options.Certificate });
            }
        });
    }

    /// <summary>The vendor's Python SDK 1.x sends two headers of its handshake twice, which the service accepts: the first value counts.</summary>
    private static Task TakeFirstHandshakeValuesAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        (headers.SecWebSocketKey, headers.SecWebSocketVersion) = (headers.SecWebSocketKey.FirstOrDefault(), headers.SecWebSocketVersion.FirstOrDefault());
        return next(context);
    }

    /// <summary>Accepted sockets inherit the buffer size.</summary>
    private static Socket Listen(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.ReceiveBufferSize = ReadAhead;
        return socket;
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>The process belongs to the caller: unlike the default, this one takes no signals.</summary>
    private sealed class CallerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
