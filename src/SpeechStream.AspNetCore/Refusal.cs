using System.Globalization;
using Microsoft.AspNetCore.Http;
using SpeechStream.AspNetCore.Messages;
using SpeechStream.Media;

namespace SpeechStream.AspNetCore;

/// <summary>What can't be done, as a page is told it: in sentences for its user, without addresses, ids and options of the server. The log has those.</summary>
internal static class Refusal
{
    // From here on, the library's sentence about samples without a header is for developers.
    private const string ForDevelopers = " If it is raw 16-bit mono samples";

    public static readonly ErrorMessage Stopping = new(StatusCodes.Status503ServiceUnavailable, "The server is about to stop. Try again in a moment.", Retry: true);

    public static readonly ErrorMessage Unreadable = new(StatusCodes.Status400BadRequest, "The message can't be read. A text message is one of start, resume and end, as the page of the package says.", Retry: false);

    public static readonly ErrorMessage Stolen = new(StatusCodes.Status403Forbidden, "This session is another user's.", Retry: false);

    public static readonly ErrorMessage OtherAudio = new(StatusCodes.Status400BadRequest, "The audio of this session has another format. Begin a new one.", Retry: false);

    public static ErrorMessage TooMany(int allowed) =>
        new(StatusCodes.Status429TooManyRequests, $"You have {allowed} sessions already, which is as many as you may have at once. End one of them first.", Retry: false);

    public static ErrorMessage TooLong(TimeSpan allowed) =>
        new(StatusCodes.Status413PayloadTooLarge, $"A session ends after {allowed.ToString("g", CultureInfo.InvariantCulture)}. Begin another one.", Retry: false);

    public static ErrorMessage TooLarge(long allowed) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The recording is larger than {allowed.ToString("N0", CultureInfo.InvariantCulture)} bytes, which is the most that is taken.", Retry: false);

    public static ErrorMessage Silent(TimeSpan allowed) =>
        new(StatusCodes.Status408RequestTimeout, FormattableString.Invariant($"Nothing of the recording has come for {allowed.TotalSeconds} s."), Retry: false);

    public static ErrorMessage Unreachable => new(StatusCodes.Status503ServiceUnavailable, "The transcription service can't be reached at the moment.", Retry: true);

    /// <summary>A setting of the request that can't be.</summary>
    public static ErrorMessage Wrong(Exception exception) => new(StatusCodes.Status400BadRequest, WithoutName(exception), Retry: false);

    /// <summary>What has ended a session.</summary>
    public static ErrorMessage Of(Exception exception) => exception switch
    {
        RefusedException { Error: var error } => error,
        BadHttpRequestException { StatusCode: var status } => new(status, exception.Message, Retry: false),
        ArgumentException or DecoderUnavailableException => new(StatusCodes.Status415UnsupportedMediaType, ForUsers(WithoutName(exception)), Retry: false),
        SpeechAuthenticationException => new(StatusCodes.Status502BadGateway, "The transcription service doesn't accept this server's account.", Retry: false),
        SpeechStreamException { IsTransient: true } => Unreachable,
        SpeechStreamException => new(StatusCodes.Status502BadGateway, "The transcription service has given up this session.", Retry: false),
        IOException => new(StatusCodes.Status400BadRequest, "The recording can't be read to its end.", Retry: false),
        _ => new(StatusCodes.Status500InternalServerError, "The server has made a mistake.", Retry: false),
    };

    private static string ForUsers(string message) =>
        message.IndexOf(ForDevelopers, StringComparison.Ordinal) is >= 0 and var at ? $"{message[..at]} Give a recording, such as WAV, MP3 or M4A." : message;

    private static string WithoutName(Exception exception) =>
        exception is ArgumentException { ParamName: { } name } ? exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : exception.Message;
}

/// <summary>Carries what a page is told.</summary>
internal sealed class RefusedException(ErrorMessage error) : Exception(error.Message)
{
    public ErrorMessage Error => error;
}
