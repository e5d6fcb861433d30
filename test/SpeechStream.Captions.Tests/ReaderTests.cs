using System.Text;

namespace SpeechStream.Captions.Tests;

public sealed class ReaderTests
{
    private static readonly Cue[] Two = [new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), "one\ntwo"), new(TimeSpan.FromSeconds(61.5), TimeSpan.FromHours(1), "three")];

    [Theory]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\none\ntwo\n\n2\n00:01:01,500 --> 01:00:00,000\nthree\n")]
    [InlineData("\n\n1\n00:00:01,000 --> 00:00:02,000 X1:63 X2:223\none\ntwo\n\n\n\n00:01:01.500-->1:00:00.000\nthree")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\none\ntwo\n\n01:01.500 --> 01:00:00.000\nthree\n")]
    [InlineData("WEBVTT - a title\nKind: captions\n\nNOTE a note\nof two lines\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:r\n\nname\n00:01.000 --> 00:02.000 align:start line:0 position:10%\n<v Ann>one\n<i.x>two</i></v>\n\nNOTE\n\n00:01:01.500\t-->\t01:00:00.000\n<00:01:02.000>three\n")]
    public async Task Cues_are_read_from_both_formats_and_what_is_no_cue_is_left_out(string file)
    {
        string[] lineEnds = ["\n", "\r\n", "\r"];
        Encoding[] encodings = [new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode];
        foreach (var lineEnd in lineEnds)
        {
            foreach (var encoding in encodings)
            {
                byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(file.Replace("\n", lineEnd, StringComparison.Ordinal))];
                (await ReadAsync(bytes)).Select(cue => cue with { Speaker = null }).Should().Equal(Two);
            }
        }
    }

    [Fact]
    public async Task Voices_and_entities_of_WebVTT_are_decoded()
    {
        var cue = (await ReadAsync("WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Ann &amp; Bob>a &lt;b&gt; &amp; c&nbsp;--&gt; d"u8.ToArray())).Single();

        cue.Should().Be(new Cue(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), "a <b> & c\u00A0--> d") { Speaker = "Ann & Bob" });
    }

    [Theory]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\none\ntwo\n2\n00:01:01,500 --> 01:00:00,000\nthree")]
    [InlineData("00:00:01,000 --> 00:00:02,000\none\ntwo\n00:01:01,500 --> 01:00:00,000\nthree")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\none\ntwo\n\nmore of it\nand more\n2\n00:01:01,500 --> 01:00:00,000\nthree")]
    [InlineData("WEBVTT\nKind: captions\nLanguage: en\n00:01.000 --> 00:02.000\none\ntwo\n01:01.500 --> 01:00:00.000\nthree")]
    public async Task Cues_are_found_where_blank_lines_are_missing_or_too_many(string file) => (await ReadAsync(Encoding.UTF8.GetBytes(file))).Should().Equal(Two);

    [Theory]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\n100\n\n", "100")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\na --> b\n7\n", "a --> b\n7")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\n2\n2\n00:00:03,000 --> 00:00:04,000\nx", "2")]
    public async Task Numbers_and_arrows_in_a_text_are_text(string file, string text) => (await ReadAsync(Encoding.UTF8.GetBytes(file)))[0].Text.Should().Be(text);

    [Theory]
    [InlineData("")]
    [InlineData("WEBVTT")]
    [InlineData("WEBVTT\n\n")]
    [InlineData("no captions\nat all\nbut --> this")]
    public async Task A_file_without_cues_has_none(string file) => (await ReadAsync(Encoding.UTF8.GetBytes(file))).Should().BeEmpty();

    [Theory]
    [InlineData("00:00:02,000 --> 00:00:01,999")]
    [InlineData("00:00:61,000 --> 00:01:02,000")]
    [InlineData("00:60:00,000 --> 01:00:02,000")]
    [InlineData("00:00:01,000 --> 00:00:0")]
    [InlineData("99999999999:00:01,000 --> 99999999999:00:02,000")]
    [InlineData("2000000:00:01,000 --> 2000000:00:02,000")]
    [InlineData("1 --> 2")]
    [InlineData("-00:00:01,000 --> 00:00:02,000")]
    public async Task Times_that_can_not_be_are_an_error_that_names_the_line(string times) =>
        (await FluentActions.Awaiting(() => ReadAsync(Encoding.UTF8.GetBytes($"1\n00:00:00,000 --> 00:00:00,500\ntext\n\n2\n{times}\ntext\n"))).Should().ThrowAsync<InvalidDataException>())
            .Which.Message.Should().StartWith($"Line 6: '{times}'");

    [Theory]
    [InlineData("gb18030")]
    [InlineData("iso-8859-1")]
    public async Task Another_encoding_than_UTF_8_is_an_error_and_no_garbage(string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var file = Encoding.GetEncoding(encoding).GetBytes("1\n00:00:01,000 --> 00:00:02,000\nétüde 你好\n");

        (await FluentActions.Awaiting(() => ReadAsync(file)).Should().ThrowAsync<InvalidDataException>()).Which.Message.Should().Contain("UTF-8").And.Contain("iconv");
    }

    [Fact]
    public async Task The_stream_stays_open()
    {
        using var stream = new MemoryStream("1\n00:00:00,000 --> 00:00:00,500\ntext\n"u8.ToArray());

        await foreach (var cue in CaptionReader.ReadAsync(stream))
        {
            cue.Text.Should().Be("text");
        }

        stream.CanRead.Should().BeTrue();
    }

    private static async Task<List<Cue>> ReadAsync(byte[] file) => await CaptionReader.ReadAsync(new MemoryStream(file)).ToListAsync();
}
