using System.Text;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;

namespace SpeechStream.Tests.Protocol;

public sealed class BrokenMessageTests
{
    private const string TaskId = "aef538e13b0449139ea803ef7b9c9297";

    private readonly ServerMessage _message = new();
    private readonly Redactor _redactor = new();

    [Fact]
    public void A_cut_message_is_unreadable_or_a_typed_error()
    {
        var whole = Encoding.UTF8.GetString(Sample.Bytes("server.SentenceEnd.2024.capture.json")).TrimEnd();
        var taskId = "a426f3d4618447519c9d85d1a0d15bf6";
        var told = Encoding.UTF8.GetByteCount(whole[..(whole.IndexOf(taskId, StringComparison.Ordinal) + taskId.Length + 1)]);
        var bytes = Encoding.UTF8.GetBytes(whole);
        var reader = new MessageReader(taskId, _redactor);

        for (var length = 0; length < told; length++)
        {
            reader.Read(bytes.AsSpan(0, length), _message).Should().Be(MessageOutcome.Unreadable, "it is cut at {0}", length);
        }

        for (var length = told; length < bytes.Length; length++)
        {
            var read = () => reader.Read(bytes.AsSpan(0, length), _message);
            read.Should().Throw<SpeechProtocolException>("it is cut at {0}", length).Which.TaskId.Should().Be(taskId);
        }
    }

    [Fact]
    public void A_damaged_message_gives_an_outcome_or_a_typed_error()
    {
        var bytes = Sample.Bytes("server.SentenceEnd.api.emotion.json");
        var reader = new MessageReader("5ec521b5aa104e3abccf3d361822****", _redactor);
        foreach (byte damage in new byte[] { 0x00, 0xFF, 0xC0, (byte)'"', (byte)'\\', (byte)'{', (byte)']', (byte)'9' })
        {
            for (var place = 0; place < bytes.Length; place++)
            {
                var damaged = (byte[])bytes.Clone();
                damaged[place] = damage;
                try
                {
                    reader.Read(damaged, _message).Should().BeDefined();
                }
                catch (SpeechProtocolException exception)
                {
                    exception.IsTransient.Should().BeFalse();
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("nonsense")]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"header\":null}")]
    [InlineData("{\"header\":[]}")]
    [InlineData("{\"payload\":{\"index\":1}}")]
    [InlineData("{\"payload\":{\"index\":")]
    [InlineData("{'header':{}}")]
    public void A_message_that_names_no_task_is_unreadable(string json) => Read(json).Should().Be(MessageOutcome.Unreadable);

    [Theory]
    [InlineData("} ,")]
    [InlineData("}{}")]
    [InlineData(",}")]
    [InlineData(",\"payload\":{\"index\":1,}}")]
    [InlineData(",\"payload\":{\"index\":01}}")]
    [InlineData(",\"payload\":{\"result\":\"\\ud800\"}}")]
    [InlineData(",\"payload\":{\"index\":tru}}")]
    [InlineData("")]
    public void A_message_malformed_after_its_task_is_a_typed_error(string rest)
    {
        var read = () => Read($$"""{"header":{"name":"SentenceEnd","task_id":"{{TaskId}}"}{{rest}}""");

        var exception = read.Should().Throw<SpeechProtocolException>().Which;
        exception.TaskId.Should().Be(TaskId);
        exception.IsTransient.Should().BeFalse();
        exception.InnerException.Should().BeNull("its text would quote the message as it came");
        exception.Message.Should().Contain("broken at byte").And.Contain(TaskId).And.Contain("""{"header":{"name":""");
    }

    [Fact]
    public void A_malformed_message_of_another_task_is_ignored() =>
        Read("""{"header":{"name":"SentenceEnd","task_id":"other"},"payload":""").Should().Be(MessageOutcome.OtherTask);

    [Theory]
    [InlineData("SentenceBegin", """{"time":1}""", "index")]
    [InlineData("SentenceBegin", """{"index":1}""", "time")]
    [InlineData("SentenceBegin", """{"index":null,"time":1}""", "index")]
    [InlineData("SentenceBegin", """{"index":true,"time":1}""", "index")]
    [InlineData("SentenceBegin", """{"index":2147483648,"time":1}""", "index")]
    [InlineData("SentenceBegin", """{"index":"one","time":1}""", "index")]
    [InlineData("SentenceBegin", """{"index":1,"time":"1s"}""", "time")]
    [InlineData("SentenceBegin", """{"index":1,"time":"NaN"}""", "time")]
    [InlineData("SentenceBegin", """{"index":1,"time":{}}""", "time")]
    [InlineData("SentenceBegin", "null", "index")]
    [InlineData("SentenceBegin", "[1]", "index")]
    [InlineData("SentenceEnd", """{"time":1,"result":""}""", "index")]
    [InlineData("SentenceEnd", """{"index":1,"result":""}""", "time")]
    [InlineData("SentenceEnd", """{"index":1,"time":1,"result":5}""", "result")]
    public void A_sentence_event_without_a_required_field_is_a_typed_error(string name, string payload, string missing)
    {
        var read = () => Read($$"""{"header":{"name":"{{name}}","task_id":"{{TaskId}}"},"payload":{{payload}} }""");

        read.Should().Throw<SpeechProtocolException>().WithMessage($"*no usable '{missing}'*").Which.TaskId.Should().Be(TaskId);
    }

    [Fact]
    public void The_excerpt_is_short_and_without_secrets_at_its_cut()
    {
        _redactor.Add("topsecret");
        var message = $$"""{"header":{"name":"SentenceEnd","task_id":"{{TaskId}}","a":"{{new string('x', 112)}}topsecret{{new string('y', 5000)}}"},"payload":{} }""";
        for (var shift = 0; shift < 20; shift++)
        {
            var read = () => Read(new string(' ', shift) + message);

            var text = read.Should().Throw<SpeechProtocolException>().Which.ToString();
            text.Should().NotContain("tops").And.NotContain("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
        }
    }

    [Theory]
    [InlineData("""{"header":{"name":"SentenceEnd","task_id":"?"},"payload":{"result":"what was said"} }""", true)]
    [InlineData("""{"header":{"name":"SentenceEnd","task_id":"?"},"paylo\u0000ad":{"result":"what was said"}""", true)]
    [InlineData("""{"payload":{"result":"what was said","index":[]},"header":{"name":"SentenceEnd","task_id":"?"} }""", false)]
    public void The_excerpt_ends_before_the_recognized_text(string message, bool hasHeader)
    {
        var read = () => Read(message.Replace("?", TaskId));

        var text = read.Should().Throw<SpeechProtocolException>().Which.Message;
        text.Should().NotContain("said");
        text.EndsWith("\"}", StringComparison.Ordinal).Should().Be(hasHeader);
    }

    [Fact]
    public void A_message_may_have_a_mebibyte_but_not_over_64_levels()
    {
        Read($$"""{"deep":{{new string('[', 70)}}{{new string(']', 70)}},"header":{} }""").Should().Be(MessageOutcome.Unreadable);
        var huge = new string('中', 350_000);

        Read($$"""{"payload":{"index":1,"time":1,"result":"{{huge}}"},"header":{"name":"SentenceEnd","task_id":"{{TaskId}}"} }""").Should().Be(MessageOutcome.Ours);

        _message.Result.Should().Be(huge);
    }

    [Theory]
    [InlineData("SentenceEnd", """{"index":1,"time":1,"result":"?"}""")]
    [InlineData("Another", """{"anything":"?"}""")]
    public void Text_that_is_no_UTF8_is_a_typed_error(string name, string payload)
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"header":{"name":"{{name}}","task_id":"{{TaskId}}"},"payload":{{payload}} }""");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        var read = () => new MessageReader(TaskId, _redactor).Read(bytes, _message);

        read.Should().Throw<SpeechProtocolException>();
    }

    private MessageOutcome Read(string json) => new MessageReader(TaskId, _redactor).Read(Encoding.UTF8.GetBytes(json), _message);
}
