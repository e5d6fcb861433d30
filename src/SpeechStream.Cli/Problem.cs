using System.Net.Sockets;
using SpeechStream.Gateway;

namespace SpeechStream.Cli;

/// <summary>Errors that are the user's or the network's, and told in a line; others are ours, and crash.</summary>
internal static class Problem
{
    public static bool IsExpected(Exception exception) =>
        exception is SpeechStreamException or ArgumentException or FormatException or IOException or UnauthorizedAccessException
            or SocketException or RecognizerUnavailableException;

    public static string Describe(Exception exception) => exception switch
    {
        // Its message goes on with the name of a parameter of the library, which says nothing here.
        ArgumentException { ParamName: { } name } => exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "The port needs rights that this user lacks. Take one above 1023, or 0 for a free one.",
        _ => exception.Message,
    };
}
