using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>Reads values in all forms in which versions of the service write them. A value of the wrong type or without a meaning counts as missing and gives null.</summary>
internal static class FieldValues
{
    // A hundred years. Times are added later, and the sum must not overflow, whatever the service sends.
    private const double MaxMilliseconds = 36_500.0 * 24 * 60 * 60 * 1000;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static string? Text(this ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

    /// <summary>Reads a text, or null when it is empty: the service sends some fields empty when it has no value for them.</summary>
    public static string? NonEmptyText(this ref Utf8JsonReader reader) => reader.Text() is { Length: > 0 } text ? text : null;

    /// <summary>Reads a number, or a string that contains one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double? Number(this ref Utf8JsonReader reader)
    {
        var found = reader.TokenType switch
        {
            // Nearly all numbers are whole ones, which are read several times faster.
            JsonTokenType.Number => reader.TryGetInt64(out var whole) ? whole : reader.TryGetDouble(out var number) ? number : double.NaN,
            JsonTokenType.String => Utf8Parser.TryParse(reader.ValueSpan, out double number, out var used) && used == reader.ValueSpan.Length ? number : double.NaN,
            _ => double.NaN,
        };
        return double.IsFinite(found) ? found : null;
    }

    /// <summary>Reads an integer and discards a fraction, since some versions write integers as 1.0 (PROTOCOL 3.3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int? Integer(this ref Utf8JsonReader reader) => reader.Number() is >= int.MinValue and <= int.MaxValue and { } number ? (int)number : null;

    /// <summary>Reads a time in milliseconds, limited to the range from zero to a hundred years.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TimeSpan? Time(this ref Utf8JsonReader reader) => ToTime(reader.Number());

    /// <summary>Reads a time in seconds, limited to the range from zero to a hundred years.</summary>
    public static TimeSpan? Seconds(this ref Utf8JsonReader reader) => ToTime(reader.Number() * 1000);

    private static TimeSpan? ToTime(double? milliseconds) =>
        milliseconds is { } given ? new TimeSpan((long)(Math.Clamp(given, 0, MaxMilliseconds) * TimeSpan.TicksPerMillisecond)) : null;
}
