using System.Globalization;
using Microsoft.AspNetCore.Http;
using SpeechStream.AspNetCore.Diagnostics;
using SpeechStream.AspNetCore.Messages;
using SpeechStream.AspNetCore.Sessions;

namespace SpeechStream.AspNetCore.Endpoints;

/// <summary>What is the same for all requests: whose pages may ask, what a session is to be like, and how a refusal looks.</summary>
internal sealed class Requests(SpeechStreamClient client, LiveSessions sessions)
{
    private const int DefaultRate = 16000;

    /// <summary>Wraps an endpoint: pages of other origins get nothing, and what it refuses is answered with problem details.</summary>
    public RequestDelegate Guarded(RequestDelegate endpoint) => async http =>
    {
        try
        {
            RefuseOtherOrigins(http.Request);
            await endpoint(http).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RefusedException or BadHttpRequestException && !http.Response.HasStarted)
        {
            await AnswerAsync(http, Refusal.Of(exception)).ConfigureAwait(false);
        }
    };

    /// <summary>The session that a request asks for.</summary>
    /// <param name="http">The request.</param>
    /// <param name="isFile">Whether a whole recording is sent, which isn't live.</param>
    /// <param name="rate">Samples per second of the PCM; null for a container.</param>
    /// <exception cref="RefusedException">The callback of the application refuses it.</exception>
    public async ValueTask<SessionRequest> SessionOfAsync(HttpContext http, bool isFile, int? rate)
    {
        var options = client.SessionDefaults;
        options.EnableIntermediateResult ??= true;
        options.SilenceAfter = Timeout.InfiniteTimeSpan;
        options.SendRate = isFile ? options.SendRate : Math.Max(options.SendRate, options.CatchUpRate);
        if (sessions.Limits.ConfigureSession is { } configure)
        {
            try
            {
                await configure(http, options).ConfigureAwait(false);
            }
            catch (ArgumentException exception)
            {
                throw new RefusedException(Refusal.Wrong(exception));
            }
        }

        return SessionRequest.Of(http, rate, options);
    }

    /// <summary>How the page says that it sends audio: <c>?format=pcm&amp;rate=16000</c>, or <c>recorder</c> or <c>file</c>.</summary>
    /// <exception cref="RefusedException">It can't be so.</exception>
    public static (bool IsFile, int? Rate) FormatOf(HttpRequest request)
    {
        var (format, rate) = (request.Query["format"].ToString(), request.Query["rate"].ToString());
        return format switch
        {
            "" or "pcm" when rate.Length == 0 => (false, DefaultRate),
            "" or "pcm" when int.TryParse(rate, NumberStyles.None, CultureInfo.InvariantCulture, out var samples) && samples is >= 8000 and <= 192_000 => (false, samples),
            "" or "pcm" => throw Wrong(StatusCodes.Status400BadRequest, "The rate isn't possible. Give the samples per second of the 16-bit PCM, 8000 to 192000: ?format=pcm&rate=16000."),
            "recorder" => (false, null),
            "file" => (true, null),
            _ => throw Wrong(StatusCodes.Status415UnsupportedMediaType, "The format isn't known. It is pcm (16-bit mono samples), recorder (what a MediaRecorder makes) or file (a recording of any format)."),
        };
    }

    private static RefusedException Wrong(int status, string message) => new(new ErrorMessage(status, message, Retry: false));

    /// <summary>A browser sends its cookies along whichever page asks, and lets any page open a WebSocket to any host: it is for the server to refuse.</summary>
    private void RefuseOtherOrigins(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || sessions.Limits.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            return;
        }

        // Behind a proxy that ends TLS the scheme differs, and the host doesn't.
        if (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && HostString.FromUriComponent(uri) is var from && from.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase)
            && uri.Port == (request.Host.Port ?? DefaultPort(uri)))
        {
            return;
        }

        throw Wrong(StatusCodes.Status403Forbidden, "Pages of this origin aren't allowed here.");
    }

    private static int DefaultPort(Uri origin) => origin.Scheme == Uri.UriSchemeHttps ? 443 : 80;

    private Task AnswerAsync(HttpContext http, ErrorMessage error)
    {
        Telemetry.Refused.Add(1, new KeyValuePair<string, object?>("status", error.Status));
        Log.Refused(sessions.Logger, error.Status, error.Message);
        if (error.Retry)
        {
            http.Response.Headers.RetryAfter = "1";
        }

        return TypedResults.Problem(error.Message, statusCode: error.Status).ExecuteAsync(http);
    }
}
