using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SpeechStream.Gateway.Tokens;

/// <summary>The answer to a request that isn't served.</summary>
internal sealed record HttpRefusal(int Status, string Body, string ContentType = "text/plain")
{
    /// <summary>No answer: the connection ends.</summary>
    public static HttpRefusal Silence { get; } = new(0, "");

    /// <summary>After how many seconds the client may ask again; null: that isn't told.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>As DashScope refuses.</summary>
    public static HttpRefusal Json(int status, string code, string message)
    {
        var body = new JsonObject { ["code"] = code, ["message"] = message, ["request_id"] = Guid.NewGuid().ToString() };
        return new(status, body.ToJsonString(), "application/json");
    }

    public Task WriteAsync(HttpContext context)
    {
        if (this == Silence)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        if (RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        context.Response.StatusCode = Status;
        context.Response.ContentType = ContentType;
        return context.Response.WriteAsync(Body, context.RequestAborted);
    }
}
