using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SpeechStream;
using SpeechStream.AspNetCore;
using SpeechStream.AspNetCore.Endpoints;
using SpeechStream.AspNetCore.Sessions;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint between pages and the transcription service.</summary>
public static class SpeechStreamEndpointRouteBuilderExtensions
{
    // A page whose network is gone is noticed within this time, also when it can't say so.
    private static readonly WebSocketOptions Sockets = new() { KeepAliveInterval = TimeSpan.FromSeconds(10), KeepAliveTimeout = TimeSpan.FromSeconds(20) };

    /// <summary>
    /// Maps a WebSocket that takes a page's audio and answers with its captions; below it <c>{id}/events</c>, where viewers read them as server-sent events, and <c>file</c>,
    /// which takes a posted recording. They use the <see cref="SpeechStreamClient"/> of the container. The WebSocket middleware is added if it isn't there.
    /// </summary>
    /// <remarks>
    /// Pages of other origins are refused. Who may use it is for the application to say, as with any endpoint: <c>RequireAuthorization</c>, <c>RequireRateLimiting</c> and the
    /// others apply to all three.
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path, such as <c>/listen</c>.</param>
    /// <param name="options">Limits, and how sessions are set up; null for the defaults.</param>
    /// <returns>What conventions are added to.</returns>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="InvalidOperationException">The container has no <see cref="SpeechStreamClient"/>: call <c>AddSpeechStream</c>.</exception>
    public static IEndpointConventionBuilder MapSpeechStream(this IEndpointRouteBuilder endpoints, string pattern, SpeechStreamEndpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var services = endpoints.ServiceProvider;
        var client = services.GetRequiredService<SpeechStreamClient>();
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger("SpeechStream.AspNetCore") ?? NullLogger.Instance;
        var sessions = new LiveSessions(
            client, (options ?? new()).CopyValidated(), services.GetService<TimeProvider>() ?? TimeProvider.System, logger, lifetime.ApplicationStopping);
        lifetime.ApplicationStopping.Register(sessions.HandOver);
        lifetime.ApplicationStopped.Register(sessions.End);

        var requests = new Requests(client, sessions);
        var events = new EventStream(sessions);
        var group = endpoints.MapGroup(pattern);
        group.MapMethods("", [HttpMethods.Get, HttpMethods.Connect], OverWebSockets(endpoints, requests.Guarded(new SocketEndpoint(requests, sessions).RunAsync)));
        group.MapMethods("{id}/events", [HttpMethods.Get], requests.Guarded(events.ViewAsync));
        group.MapMethods("file", [HttpMethods.Post, HttpMethods.Put], requests.Guarded(new FileEndpoint(requests, sessions, events).RunAsync));
        return group;
    }

    private static RequestDelegate OverWebSockets(IEndpointRouteBuilder endpoints, RequestDelegate endpoint)
    {
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets(Sockets);
        pipeline.Run(endpoint);
        return pipeline.Build();
    }
}
