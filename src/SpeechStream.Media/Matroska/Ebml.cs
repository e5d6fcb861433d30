using System.Buffers.Binary;

namespace SpeechStream.Media.Matroska;

/// <summary>The numbers of EBML (RFC 8794), in which Matroska and WebM are written.</summary>
internal static class Ebml
{
    /// <summary>The longest identifier and length of an element.</summary>
    public const int MostHeaderBytes = 12;

    private const int MostIdBytes = 4;
    private const int MostNumberBytes = 8;

    /// <summary>Reads the identifier and the length at the beginning of an element.</summary>
    /// <param name="bytes">12 bytes, or fewer at the end.</param>
    /// <param name="id">The identifier, with the bits that tell its length.</param>
    /// <param name="size">The length of the content; -1 when it is unknown.</param>
    /// <returns>The length of both in bytes; 0 when they aren't valid, or not whole.</returns>
    public static int ReadHeader(ReadOnlySpan<byte> bytes, out uint id, out long size)
    {
        (id, size) = (0, 0);
        var idBytes = bytes.IsEmpty ? 0 : LengthOf(bytes[0]);
        if (idBytes is 0 or > MostIdBytes || bytes.Length <= idBytes)
        {
            return 0;
        }

        for (var i = 0; i < idBytes; i++)
        {
            id = (id << 8) | bytes[i];
        }

        var sizeBytes = ReadNumber(bytes[idBytes..], out size);
        return sizeBytes == 0 ? 0 : idBytes + sizeBytes;
    }

    /// <summary>Reads a number of variable length, which is -1 when all its bits are set.</summary>
    /// <returns>Its length in bytes; 0 when it isn't whole.</returns>
    public static int ReadNumber(ReadOnlySpan<byte> bytes, out long number)
    {
        number = 0;
        var length = bytes.IsEmpty ? 0 : LengthOf(bytes[0]);
        if (length == 0 || bytes.Length < length)
        {
            return 0;
        }

        number = bytes[0] & (0xFF >> length);
        for (var i = 1; i < length; i++)
        {
            number = (number << 8) | bytes[i];
        }

        number = number == (1L << (7 * length)) - 1 ? -1 : number;
        return length;
    }

    public static long ReadUnsigned(ReadOnlySpan<byte> content)
    {
        var number = 0L;
        foreach (var item in content[..Math.Min(content.Length, MostNumberBytes)])
        {
            number = (number << 8) | item;
        }

        return number;
    }

    public static long ReadSigned(ReadOnlySpan<byte> content) => content.IsEmpty ? 0 : ReadUnsigned(content) << (64 - (8 * Math.Min(content.Length, MostNumberBytes))) >> (64 - (8 * Math.Min(content.Length, MostNumberBytes)));

    public static double ReadFloat(ReadOnlySpan<byte> content) => content.Length switch
    {
        4 => BinaryPrimitives.ReadSingleBigEndian(content),
        8 => BinaryPrimitives.ReadDoubleBigEndian(content),
        _ => 0,
    };

    private static int LengthOf(byte first) => first == 0 ? 0 : byte.LeadingZeroCount(first) + 1;
}
