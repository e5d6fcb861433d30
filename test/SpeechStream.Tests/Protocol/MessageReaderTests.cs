using System.Text;
using System.Text.Json;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;

namespace SpeechStream.Tests.Protocol;

public sealed class MessageReaderTests
{
    private const string TaskId = "0123456789abcdef0123456789abcdef";

    private readonly ServerMessage _message = new();
    private readonly Redactor _redactor = new();

    [Theory]
    [InlineData("1", "1000", "0.5")]
    [InlineData("1.0", "1000.0", "5e-1")]
    [InlineData("\"1\"", "\"1000\"", "\"0.5\"")]
    [InlineData("1e0", "1E3", "0.50")]
    public void Numbers_may_be_integers_doubles_or_strings(string index, string time, string confidence)
    {
        ReadEnd($$"""{"index":{{index}},"time":{{time}},"begin_time":{{time}},"result":"","confidence":{{confidence}},"status":{{index}} }""");

        _message.Index.Should().Be(1);
        _message.Time.Should().Be(TimeSpan.FromSeconds(1));
        _message.BeginTime.Should().Be(TimeSpan.FromSeconds(1));
        _message.Confidence.Should().Be(0.5);
        _message.SentenceStatus.Should().Be(1);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[1,[2,{}]]")]
    [InlineData("{\"a\":{\"b\":[1]}}")]
    [InlineData("\"\"")]
    public void Optional_fields_of_a_wrong_type_count_as_missing(string value)
    {
        string[] names =
        [
            "begin_time", "confidence", "words", "status", "emo_tag", "emo_confidence", "gender", "gender_score", "sentence_id", "audio_extra_info", "fixed_result", "session_id",
        ];
        var fields = string.Join(',', names.Select(name => $"\"{name}\":{value}"));
        ReadEnd($$"""{"index":1,{{fields}},"time":2,"result":"r","stash_result":"text"}""");

        _message.Should().BeEquivalentTo(new ServerMessage { Event = ServerEvent.SentenceEnd, GivenIndex = 1, GivenTime = TimeSpan.FromMilliseconds(2), GivenResult = "r" });
    }

    [Fact]
    public void Names_may_be_escaped()
    {
        Read($$"""{"\u0068eader":{"n\u0061me":"SentenceBegin","task_id":"{{TaskId}}"},"payload":{"\u0069ndex":1,"t\u0069me":2} }""").Should().Be(MessageOutcome.Ours);

        _message.Event.Should().Be(ServerEvent.SentenceBegin);
        _message.Index.Should().Be(1);
        _message.Time.Should().Be(TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public void Unknown_fields_are_ignored_at_any_depth()
    {
        Read($$"""
            {"a":[{"index":9}],"header":{"x":{"task_id":"other"},"name":"SentenceBegin","task_id":"{{TaskId}}","y":[[]]},"b":{"payload":{"index":8} },
             "payload":{"p":{"time":7},"index":1,"time":2,"q":[{"r":null}]},"c":null}
            """).Should().Be(MessageOutcome.Ours);

        _message.Index.Should().Be(1);
        _message.Time.Should().Be(TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public void Words_have_two_spellings_and_other_values_are_skipped()
    {
        ReadEnd("""{"index":1,"time":2,"result":"r","words":[{"text":"a","startTime":1,"endTime":2},null,5,[{}],{"word":"b","begin_time":3,"end_time":"4"},{}]}""");

        _message.Words.Should().Equal(
            new Word("a", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)),
            new Word("b", TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(4)),
            new Word("", TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public void The_stash_is_read_with_its_words()
    {
        ReadEnd("""
            {"index":1,"time":2,"result":"r","words":[{"text":"x"}],
             "stash_result":{"sentenceId":2,"beginTime":10,"text":"ab","fixedText":"a","unfixedText":"b","currentTime":30,"words":[{"text":"a","startTime":10,"endTime":20}]}}
            """);

        _message.Words.Should().ContainSingle();
        _message.Stash.Should().Be(new SentenceStash
        {
            SentenceIndex = 2,
            BeginTime = TimeSpan.FromMilliseconds(10),
            CurrentTime = TimeSpan.FromMilliseconds(30),
            Text = "ab",
            FixedText = "a",
            UnfixedText = "b",
            Words = [new Word("a", TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20))],
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"beginTime\":null,")]
    [InlineData("\"beginTime\":0,")]
    [InlineData("\"beginTime\":-1,")]
    [InlineData("\"beginTime\":\"soon\",")]
    public void A_stash_without_a_begin_has_none_but_its_text(string begin)
    {
        ReadEnd($$"""{"index":1,"time":2,"result":"r","stash_result":{ {{begin}}"text":"ab"} }""");

        _message.Stash.Should().Be(new SentenceStash { Text = "ab" });
    }

    [Fact]
    public void An_index_of_zero_is_passed_on()
    {
        ReadEnd("""{"index":0,"time":2,"result":"r"}""");

        _message.GivenIndex.Should().Be(0);
    }

    [Fact]
    public void The_last_of_duplicate_fields_wins()
    {
        Read($$"""
            {"header":{"name":"SentenceEnd","task_id":"x","name":"SentenceBegin","task_id":"{{TaskId}}"},
             "payload":{"index":5,"time":5,"result":"old","gender":"f"},"payload":{"index":1,"index":2,"time":3} }
            """).Should().Be(MessageOutcome.Ours);

        _message.Should().BeEquivalentTo(new ServerMessage { Event = ServerEvent.SentenceBegin, GivenIndex = 2, GivenTime = TimeSpan.FromMilliseconds(3) });
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"task_id\":\"\"")]
    [InlineData(",\"task_id\":null")]
    [InlineData(",\"task_id\":7")]
    [InlineData(",\"task_id\":\"0123456789abcdef0123456789abcde\\u0066\"")]
    public void A_message_without_a_task_or_with_ours_is_ours(string field) =>
        Read($$"""{"header":{"name":"TaskFailed"{{field}} } }""").Should().Be(MessageOutcome.Ours);

    [Theory]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0")]
    public void An_incomplete_message_of_another_task_is_recognized(string other) =>
        Read($$"""{"payload":{},"header":{"name":"SentenceEnd","task_id":"{{other}}"} }""").Should().Be(MessageOutcome.OtherTask);

    [Fact]
    public void An_unknown_event_keeps_its_name_and_payload()
    {
        Read($$"""{"payload":{"index":"x","a":[1,{"b":"\u4e2d"}]},"header":{"name":"Späteres","task_id":"{{TaskId}}","status":20000000} }""");

        _message.Event.Should().Be(ServerEvent.Other);
        _message.Name.Should().Be("Späteres");
        var payload = _message.Payload;
        Read($$"""{"header":{"name":"TranscriptionCompleted","task_id":"{{TaskId}}"},"payload":{} }""");
        _message.Payload.ValueKind.Should().Be(JsonValueKind.Undefined);
        JsonElement.DeepEquals(payload, JsonElement.Parse("""{"index":"x","a":[1,{"b":"中"}]}""")).Should().BeTrue("it was copied");
    }

    [Theory]
    [InlineData("null", JsonValueKind.Undefined)]
    [InlineData("[1]", JsonValueKind.Array)]
    [InlineData("\"text\"", JsonValueKind.String)]
    public void The_payload_of_an_unknown_event_may_be_anything(string payload, JsonValueKind kind)
    {
        Read($$"""{"header":{"name":"X","task_id":"{{TaskId}}"},"payload":{{payload}} }""");

        _message.Payload.ValueKind.Should().Be(kind);
    }

    [Fact]
    public void A_secret_in_an_unknown_event_is_hidden()
    {
        _redactor.Add("secret/token");

        Read($$"""{"header":{"name":"TokenExpires","task_id":"{{TaskId}}"},"payload":{"texts":["The token secret\/token expires."],"in":60} }""");

        _message.Payload.GetRawText().Should().Be("""{"texts":["The token *** expires."],"in":60}""");
    }

    [Fact]
    public void An_unknown_event_is_no_defect_when_it_is_no_JSON_without_the_secret()
    {
        _redactor.Add("123456");

        Read($$"""{"header":{"name":"TokenExpires","task_id":"{{TaskId}}"},"payload":{"number":91234567} }""");

        _message.Payload.GetString().Should().Be("""{"number":9***7}""");
    }

    [Theory]
    [InlineData("\"status_message\":\"old\"", "old")]
    [InlineData("\"status_message\":\"old\",\"status_text\":\"new\"", "new")]
    [InlineData("\"status_text\":\"new\",\"status_message\":\"old\"", "new")]
    [InlineData("\"status_text\":\"\",\"status_message\":\"old\"", "old")]
    [InlineData("\"status_text\":null", "")]
    [InlineData("\"status_text\":\"The token 'se\\u0063ret' is invalid\"", "The token '***' is invalid")]
    public void The_status_text_is_found_in_both_spellings_without_secrets(string field, string expected)
    {
        _redactor.Add("secret");
        Read($$"""{"header":{"name":"TaskFailed","task_id":"{{TaskId}}",{{field}} } }""");

        _message.Failure.Should().BeOfType<SpeechServiceException>().Which.StatusText.Should().Be(expected);
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("2147483648000000000000000000000")]
    [InlineData("1e300")]
    public void Times_beyond_a_hundred_years_are_limited_to_them(string time)
    {
        ReadEnd($$"""{"index":1,"time":{{time}},"result":""}""");

        _message.Time.Should().Be(TimeSpan.FromDays(36_500));
    }

    [Fact]
    public void Times_beyond_an_int_are_exact_and_negative_ones_are_zero()
    {
        ReadEnd("""{"index":1,"time":4294967297,"begin_time":-5,"result":""}""");

        _message.Time.Should().Be(TimeSpan.FromMilliseconds(4294967297));
        _message.BeginTime.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void A_byte_order_mark_is_tolerated() =>
        Read("\uFEFF" + $$"""{"header":{"name":"TranscriptionStarted","task_id":"{{TaskId}}"} }""").Should().Be(MessageOutcome.Ours);

    [Fact]
    public void Reading_allocates_nothing_but_what_the_event_keeps()
    {
        var reader = new MessageReader(TaskId, _redactor);
        var header = $"\"status\":20000000,\"task_id\":\"{TaskId}\",\"status_text\":\"Gateway:SUCCESS:Success.\",\"message_id\":\"x\"";
        var begin = Encoding.UTF8.GetBytes($$"""{"header":{"name":"SentenceBegin",{{header}} },"payload":{"index":1,"time":880} }""");
        var changed = Encoding.UTF8.GetBytes(
            $$"""{"header":{"name":"TranscriptionResultChanged",{{header}} },"payload":{"index":1,"time":880,"result":"12345678","words":[],"fixed_result":"","confidence":0.5} }""");
        var text = AllocatedBy(() => _ = new string('x', 8));
        AllocatedBy(() => reader.Read(begin, _message));
        AllocatedBy(() => reader.Read(changed, _message));

        AllocatedBy(() => reader.Read(begin, _message)).Should().Be(0);
        AllocatedBy(() => reader.Read(changed, _message)).Should().Be(text);
    }

    private static long AllocatedBy(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void ReadEnd(string payload) =>
        Read($$"""{"header":{"name":"SentenceEnd","task_id":"{{TaskId}}"},"payload":{{payload}} }""").Should().Be(MessageOutcome.Ours);

    private MessageOutcome Read(string json) => new MessageReader(TaskId, _redactor).Read(Encoding.UTF8.GetBytes(json), _message);
}
