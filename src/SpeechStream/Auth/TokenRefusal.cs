using System.Net;
using System.Security.Authentication;
using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Auth;

/// <summary>Makes the exception for each reason why the token service gave no token (PROTOCOL 7.4).</summary>
internal static class TokenRefusal
{
    private const int ExcerptLength = 500;

    /// <param name="status">Status of the answer. An answer with status 200 can hold an error, too.</param>
    /// <param name="code">The vendor's name of the error; null when the answer has none.</param>
    /// <param name="text">The text of the answer, without secrets.</param>
    /// <param name="retryAfter">How long the service asks to wait; null when it doesn't.</param>
    public static SpeechStreamException Of(HttpStatusCode status, string? code, string text, TimeSpan? retryAfter)
    {
        var said = $"HTTP {(int)status}, {(text.Length > ExcerptLength ? text[..ExcerptLength] + "…" : text)}";
        return status switch
        {
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => Overloaded(),

            // The vendor's gateway reports throttling with status 400.
            _ when code is "Throttling" || code?.StartsWith("Throttling.", StringComparison.Ordinal) == true => Overloaded(),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new SpeechConnectionException(
                $"The token service answered with a redirect ({(int)status}), which isn't followed. Set the token endpoint to the address itself.")
            {
                HttpStatusCode = status,
            },
            _ => new SpeechAuthenticationException($"The token service refused the access key ({said}). {Advice(code)}") { HttpStatusCode = status },
        };

        SpeechConnectionException Overloaded() => new($"The token service is overloaded or out of order ({said}). Try again later, and share one client.")
        {
            HttpStatusCode = status,
            IsTransient = true,
            RetryAfter = retryAfter,
        };
    }

    public static SpeechConnectionException Unreachable(Exception exception, string host, Redactor redactor) => exception switch
    {
        { InnerException: AuthenticationException refusal } => new(
            $"The certificate of the token service at {host} was refused, or it doesn't speak TLS, as an address with http says: {redactor.Redact(refusal.Message).TrimEnd('.')}. "
            + "Check the token endpoint and the clock, or add your authority with ConfigureHandler.",
            redactor.Redact(exception)),
        _ when SocketFailure.IsForeign(exception) => new(
            $"The token service at {host} answered, but not as a web server. Check the token endpoint, and any proxy on the way.", redactor.Redact(exception)),
        _ => new($"The token service at {host} can't be reached. Check the network, the token endpoint and the proxy.", redactor.Redact(exception)) { IsTransient = true },
    };

    private static string Advice(string? code) => code switch
    {
        "SignatureDoesNotMatch" => "Check the access key's secret.",
        "InvalidTimeStamp.Expired" or "IllegalTimestamp" => "Set this machine's clock right: the signature holds for minutes only.",
        _ => "Check the access key's id and secret, that the key is enabled, and that its account may use the service.",
    };
}
