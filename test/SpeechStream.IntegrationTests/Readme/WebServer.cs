using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SpeechStream.IntegrationTests.Readme;

/// <summary>An ASP.NET Core application of a user, on a loopback port, with a client and a sign-in by cookie.</summary>
internal static class WebServer
{
    public static async Task<WebApplication> StartAsync(SpeechStreamClient client, Action<WebApplication> map, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(client);
        builder.Services.AddAuthorization().AddTransient<Browser.SignIn>().AddAuthenticationCore(options =>
        {
            options.AddScheme<Browser.SignIn>(Browser.Cookie, null);
            options.DefaultScheme = Browser.Cookie;
        });
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }
}
