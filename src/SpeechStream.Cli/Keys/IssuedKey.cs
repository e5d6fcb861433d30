using System.Globalization;
using System.Text.Json.Nodes;

namespace SpeechStream.Cli.Keys;

/// <summary>How a token or a key is printed.</summary>
internal static class IssuedKey
{
    /// <param name="key">The token or key.</param>
    /// <param name="name">What it is called in JSON.</param>
    /// <param name="asJson">Whether an object is wanted.</param>
    /// <param name="surroundings">Where it goes.</param>
    public static void Print(SpeechToken key, string name, bool asJson, Surroundings surroundings)
    {
        var expiry = key.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (asJson)
        {
            surroundings.Output.WriteLine(new JsonObject { [name] = key.Id, ["expiresAt"] = expiry }.ToJsonString());
            return;
        }

        surroundings.Output.WriteLine(key.Id);
        if (surroundings.TerminalWidth() is not null && !surroundings.IsQuiet)
        {
            surroundings.Report($"new connections may be made with it until {expiry}");
        }
    }
}
