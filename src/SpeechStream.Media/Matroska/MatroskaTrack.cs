using System.Text;

namespace SpeechStream.Media.Matroska;

/// <summary>The first track of audio in a file.</summary>
/// <param name="Number">Names it in blocks.</param>
/// <param name="Codec">As Matroska names it: A_OPUS, A_VORBIS, …</param>
/// <param name="IsEncoded">Its blocks are compressed once more, or encrypted.</param>
/// <param name="Private">What the decoder has to know.</param>
internal sealed record MatroskaTrack(long Number, string Codec, bool IsEncoded, byte[] Private)
{
    private const int Audio = 2;

    public bool IsOpus => Codec == "A_OPUS" && !IsEncoded;

    /// <summary>Null when no track is audio.</summary>
    public static MatroskaTrack? Find(ReadOnlySpan<byte> tracks)
    {
        while (TryRead(ref tracks, out var id, out var content))
        {
            if (id == ElementId.TrackEntry && Read(content) is { } track)
            {
                return track;
            }
        }

        return null;
    }

    /// <summary>Reads the next element of a master element, and goes on behind it.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> elements, out uint id, out ReadOnlySpan<byte> content)
    {
        var header = Ebml.ReadHeader(elements, out id, out var size);
        content = default;
        if (header == 0 || size < 0 || size > elements.Length - header)
        {
            return false;
        }

        content = elements.Slice(header, (int)size);
        elements = elements[(header + (int)size)..];
        return true;
    }

    private static MatroskaTrack? Read(ReadOnlySpan<byte> entry)
    {
        var (track, type) = (new MatroskaTrack(0, "", false, []), 0L);
        while (TryRead(ref entry, out var id, out var content))
        {
            type = id == ElementId.TrackType ? Ebml.ReadUnsigned(content) : type;
            track = id switch
            {
                ElementId.TrackNumber => track with { Number = Ebml.ReadUnsigned(content) },
                ElementId.CodecId => track with { Codec = Encoding.ASCII.GetString(content).TrimEnd('\0') },
                ElementId.CodecPrivate => track with { Private = content.ToArray() },
                ElementId.ContentEncodings => track with { IsEncoded = true },
                _ => track,
            };
        }

        return type == Audio ? track : null;
    }
}
