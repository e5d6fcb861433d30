using System.Net.Sockets;
using SpeechStream.Fleet;
using SpeechStream.Gateway;
using SpeechStream.Media;

namespace SpeechStream.Cli;

/// <summary>Errors that are the user's or the network's, and told in a line; others are ours, and crash.</summary>
internal static class Problem
{
    public static bool IsExpected(Exception exception) =>
        exception is SpeechStreamException or ArgumentException or FormatException or IOException or UnauthorizedAccessException
            or SocketException or FleetException or RecognizerUnavailableException or DecoderUnavailableException;

    /// <summary>As <see cref="Describe(Exception)"/>, with commands for this recording.</summary>
    public static string Describe(Exception exception, string file) => Refusal.For(file, Describe(exception));

    public static string Describe(Exception exception) => exception switch
    {
        // Its message goes on with the name of a parameter of the library, which says nothing here.
        ArgumentException { ParamName: { } name } => Wording.ForTool(exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "The port needs rights that this user lacks. Take one above 1023, or 0 for a free one.",
        SpeechConnectionException => Wording.ForTool(exception.Message) + NetworkOf(exception),
        _ => Wording.ForTool(exception.Message),
    };

    // The library says that there is no connection, and the exceptions within it why.
    private static string NetworkOf(Exception exception)
    {
        var outer = exception;
        for (var cause = exception.InnerException; cause is not null; (outer, cause) = (cause, cause.InnerException))
        {
            if (cause is SocketException socket)
            {
                return socket.SocketErrorCode switch
                {
                    SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => " DNS doesn't know the name, or can't be reached.",

                    // The framework names the address, which is the proxy's where there is one.
                    SocketError.ConnectionRefused when outer is HttpRequestException => $" {outer.Message}: nothing listens there.",
                    SocketError.ConnectionRefused => " The connection was refused: nothing listens there.",
                    SocketError.NetworkUnreachable or SocketError.HostUnreachable => " There is no way to it: check that this machine is online.",
                    _ => "",
                };
            }
        }

        return "";
    }
}
