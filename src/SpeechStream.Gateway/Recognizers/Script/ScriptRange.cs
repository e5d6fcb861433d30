using System.Globalization;
using System.Text;

namespace SpeechStream.Gateway.Recognizers.Script;

/// <summary>Refuses numbers that can't be done, which would end a script silently in the middle.</summary>
internal static class ScriptRange
{
    /// <summary>RFC 6455, 5.5: a control frame has 125 bytes, and the status takes two of them.</summary>
    private const int LongestReason = 123;

    /// <exception cref="FormatException">The value is out of its range.</exception>
    public static void Check(int? value, string name, int least, int most = int.MaxValue)
    {
        if (value < least || value > most)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}. Allowed: {least} {(most == int.MaxValue ? "or more" : $"to {most}")}."));
        }
    }

    /// <exception cref="FormatException">No close frame can say this.</exception>
    public static void CheckClose(int? status, string? reason)
    {
        Check(status, "close", 1000, 4999);
        if (status is 1006 or 1015)
        {
            throw new FormatException($"close is {status}, which no close frame can say: it means that none came. Use abort or reset.");
        }

        if (status is 1005 && reason is not (null or ""))
        {
            throw new FormatException("close is 1005, which is a close frame without a status, and such a frame has no reason. Leave the reason out.");
        }

        if (Encoding.UTF8.GetByteCount(reason ?? "") is > LongestReason and var length)
        {
            throw new FormatException($"The reason of a close has {length} bytes, and a frame has room for {LongestReason}.");
        }
    }
}
