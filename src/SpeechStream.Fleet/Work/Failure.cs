using System.Net;
using SpeechStream.Fleet.Places;
using SpeechStream.Media;

namespace SpeechStream.Fleet.Work;

/// <summary>Whose fault it is that a recording failed.</summary>
/// <param name="Ending">What becomes of the recording.</param>
/// <param name="PausesFleet">Whether all others would fail the same way now.</param>
internal readonly record struct Failure(Ending Ending, bool PausesFleet)
{
    // The service's own failures have numbers from here on.
    private const int FirstOfService = 50_000_000;

    // A link that has expired, or to nothing.
    private static readonly HttpStatusCode[] Gone = [HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Gone];

    // Longer than the first pause of the fleet: what the service drops isn't the next again, and the others show whether the service works.
    private static readonly TimeSpan OthersFirst = TimeSpan.FromSeconds(10);

    /// <param name="exception">What happened.</param>
    /// <param name="claim">The recording.</param>
    /// <param name="isStarted">Whether the service had begun to listen.</param>
    /// <param name="areOthersHeard">Whether the service had dropped it before, and listens to others.</param>
    public static Failure Of(Exception exception, Claim claim, bool isStarted, bool areOthersHeard = false) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or ArgumentException => new(Ending.Poison(exception.Message), false),
        HttpRequestException { StatusCode: { } status } when Gone.Contains(status) =>
            new(Ending.Poison($"The link answered {(int)status}. If it has expired, submit the recording again with a new link, and retry it."), false),
        HttpRequestException or IOException or DecoderUnavailableException => new(Ending.Failed(exception.Message, claim.Attempt), false),

        // What the service drops may be the recording's fault, or the service's. When it listens to others meanwhile, it is the recording's.
        SpeechConnectionException or SpeechServiceException { StatusCode: >= FirstOfService } when areOthersHeard => new(Ending.Failed(exception.Message, claim.Attempt), false),
        SpeechConnectionException or SpeechServiceException { StatusCode: >= FirstOfService, IsTransient: true } when isStarted => new(Ending.GivenBack(exception.Message) with { Delay = OthersFirst }, true),

        // The service, the account, or what all recordings are sent with.
        SpeechConnectionException or SpeechAuthenticationException or SpeechStreamException { IsTransient: true } => new(Ending.GivenBack(exception.Message), true),
        SpeechServiceException refusal when !isStarted => IsOfRecording(refusal, claim) ? new(Ending.Poison(exception.Message), false) : new(Ending.GivenBack(exception.Message), true),
        _ => new(Ending.Failed(exception.Message, claim.Attempt), false),
    };

    // A rate that doesn't fit the model (PROTOCOL 6), or a model (DASHSCOPE 5). Others are of the account, and all recordings would fail.
    private static bool IsOfRecording(SpeechServiceException refusal, Claim claim) =>
        refusal.StatusCode is 41010101 or 41050008 || (claim.Model is not null && refusal.ErrorCode is "ModelNotFound" or "InvalidParameter" or "UNSUPPORTED_FORMAT" or "CLIENT_ERROR");
}
