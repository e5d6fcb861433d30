namespace SpeechStream.Media.Matroska;

/// <summary>The elements that are read (RFC 9559, section 5).</summary>
internal static class ElementId
{
    public const uint Header = 0x1A45DFA3;
    public const uint Segment = 0x18538067;
    public const uint Info = 0x1549A966;
    public const uint TimestampScale = 0x2AD7B1;
    public const uint Duration = 0x4489;
    public const uint Tracks = 0x1654AE6B;
    public const uint TrackEntry = 0xAE;
    public const uint TrackNumber = 0xD7;
    public const uint TrackType = 0x83;
    public const uint CodecId = 0x86;
    public const uint CodecPrivate = 0x63A2;
    public const uint ContentEncodings = 0x6D80;
    public const uint Cluster = 0x1F43B675;
    public const uint Timestamp = 0xE7;
    public const uint BlockGroup = 0xA0;
    public const uint Block = 0xA1;
    public const uint SimpleBlock = 0xA3;
    public const uint DiscardPadding = 0x75A2;
}
