using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SpeechStream.Gateway.Tokens;

/// <summary>The call that issues temporary keys of DashScope, for clients that must not hold the key itself.</summary>
internal sealed class ApiKeyIssuer(ApiKeyStore keys)
{
    public const string Path = "/api/v1/tokens";

    private const string Lifetime = "expire_in_seconds";
    private const int DefaultSeconds = 60;
    private const int MostSeconds = 1800;

    public Task HandleAsync(HttpContext context)
    {
        if (Refuse(context.Request, out var seconds) is { } refusal)
        {
            return refusal.WriteAsync(context);
        }

        var (key, expiresAt) = keys.Issue(TimeSpan.FromSeconds(seconds));
        var answer = new JsonObject { ["token"] = key, ["expires_at"] = expiresAt.ToUnixTimeSeconds() };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private HttpRefusal? Refuse(HttpRequest request, out int seconds)
    {
        seconds = DefaultSeconds;
        if (!HttpMethods.IsPost(request.Method))
        {
            return HttpRefusal.Json(StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", $"Request method '{request.Method}' is not supported.");
        }

        var asked = request.Query[Lifetime].ToString();
        var isLifetime = asked.Length == 0
            || (int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds is >= 1 and <= MostSeconds);
        return keys.Check(request)
            ?? (isLifetime ? null : HttpRefusal.Json(StatusCodes.Status400BadRequest, "InvalidParameter", $"{Lifetime} is not in [1, {MostSeconds}]."));
    }
}
