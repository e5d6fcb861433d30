using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SpeechStream.IntegrationTests.Readme;

/// <summary>An ASP.NET Core application of a user, on a loopback port, with a client.</summary>
internal static class WebServer
{
    public static async Task<WebApplication> StartAsync(SpeechStreamClient client, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(client);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }
}
