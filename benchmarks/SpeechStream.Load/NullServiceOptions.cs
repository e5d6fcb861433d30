using System.Globalization;

namespace SpeechStream.Load;

/// <summary>What a connection asks of <see cref="NullService"/>, in the query of its address.</summary>
/// <param name="Quiet">No events but the start and the end of the task (<c>quiet=1</c>).</param>
/// <param name="Words">Words told one by one in each final (<c>words=N</c>).</param>
/// <param name="CutAfter">Bytes of audio after which the connection is reset (<c>cut=N</c>); null for never.</param>
public sealed record NullServiceOptions(bool Quiet, int Words, int? CutAfter)
{
    /// <summary>Reads the request line of the handshake.</summary>
    public static NullServiceOptions Parse(string requestLine)
    {
        var target = requestLine.Split(' ')[1];
        var query = target.Contains('?', StringComparison.Ordinal) ? target[(target.IndexOf('?', StringComparison.Ordinal) + 1)..] : "";
        var values = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture));
        return new(values.ContainsKey("quiet"), values.GetValueOrDefault("words"), values.TryGetValue("cut", out var cut) ? cut : null);
    }
}
