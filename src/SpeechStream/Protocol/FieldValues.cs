using System.Buffers.Text;
using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>Values as the service's versions write them. What has the wrong type, or makes no sense, counts as missing: null.</summary>
internal static class FieldValues
{
    // A hundred years. Times are added up later, which must not overflow whatever the service sends.
    private const double MaxMilliseconds = 36_500.0 * 24 * 60 * 60 * 1000;

    public static string? Text(this ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

    /// <summary>For fields that the service leaves empty when it has nothing to tell.</summary>
    public static string? NonEmptyText(this ref Utf8JsonReader reader) => reader.Text() is { Length: > 0 } text ? text : null;

    /// <summary>A number, or a string that holds one.</summary>
    public static double? Number(this ref Utf8JsonReader reader)
    {
        var found = reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetDouble(out var number) ? number : double.NaN,
            JsonTokenType.String => Utf8Parser.TryParse(reader.ValueSpan, out double number, out var used) && used == reader.ValueSpan.Length ? number : double.NaN,
            _ => double.NaN,
        };
        return double.IsFinite(found) ? found : null;
    }

    /// <summary>Fractions are cut off; some versions write integers as 1.0.</summary>
    public static int? Integer(this ref Utf8JsonReader reader) => reader.Number() is >= int.MinValue and <= int.MaxValue and { } number ? (int)number : null;

    /// <summary>Milliseconds, limited to between zero and a hundred years.</summary>
    public static TimeSpan? Time(this ref Utf8JsonReader reader) =>
        reader.Number() is { } milliseconds ? new TimeSpan((long)(Math.Clamp(milliseconds, 0, MaxMilliseconds) * TimeSpan.TicksPerMillisecond)) : null;
}
