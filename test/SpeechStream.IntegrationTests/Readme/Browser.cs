using System.Net.WebSockets;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SpeechStream.IntegrationTests.Readme;

/// <summary>A page's WebSocket, as far as a server can see it: it comes with an origin and a cookie.</summary>
internal static class Browser
{
    public const string Cookie = "session";

    public static async Task<ClientWebSocket> OpenAsync(WebApplication app, string origin)
    {
        var browser = Create(origin, isSignedIn: true);
        await browser.ConnectAsync(Address(app), CancellationToken.None);
        return browser;
    }

    public static ClientWebSocket Create(string origin, bool isSignedIn)
    {
        var browser = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        browser.Options.SetRequestHeader("Origin", origin);
        if (isSignedIn)
        {
            browser.Options.SetRequestHeader("Cookie", $"{Cookie}=somebody");
        }

        return browser;
    }

    public static Uri Address(WebApplication app) => new UriBuilder(app.Urls.Single()) { Scheme = "ws", Path = "/live" }.Uri;

    /// <summary>Takes any cookie of that name for a user who has signed in.</summary>
    internal sealed class SignIn : IAuthenticationHandler
    {
        private HttpContext? _context;

        public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
        {
            _context = context;
            return Task.CompletedTask;
        }

        public Task<AuthenticateResult> AuthenticateAsync() => Task.FromResult(
            _context!.Request.Cookies[Cookie] is { } name
                ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], Cookie)), Cookie))
                : AuthenticateResult.NoResult());

        public Task ChallengeAsync(AuthenticationProperties? properties) => Refuse(StatusCodes.Status401Unauthorized);

        public Task ForbidAsync(AuthenticationProperties? properties) => Refuse(StatusCodes.Status403Forbidden);

        private Task Refuse(int status)
        {
            _context!.Response.StatusCode = status;
            return Task.CompletedTask;
        }
    }
}
