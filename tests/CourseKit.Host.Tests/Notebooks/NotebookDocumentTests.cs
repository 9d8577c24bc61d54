using System.Text;
using CourseKit.Host.Notebooks;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Host.Tests.Notebooks;

public sealed class NotebookDocumentTests
{
    private const string Full = """
        {
         "cells": [
          {
           "attachments": {
            "a.png": {
             "image/png": "aGk="
            }
           },
           "cell_type": "markdown",
           "id": "intro",
           "metadata": {
            "theirs": [
             1,
             2
            ]
           },
           "source": [
            "# Größe\n",
            "a < b"
           ]
          },
          {
           "cell_type": "code",
           "execution_count": 3,
           "id": "one",
           "metadata": {},
           "outputs": [
            {
             "name": "stdout",
             "output_type": "stream",
             "text": [
              "a\n",
              "b"
             ]
            },
            {
             "data": {
              "application/json": {
               "x": [
                1.5
               ]
              },
              "text/html": [
               "<b>1</b>"
              ]
             },
             "metadata": {
              "isolated": true
             },
             "output_type": "display_data"
            },
            {
             "data": {
              "text/plain": [
               "1"
              ]
             },
             "execution_count": 3,
             "metadata": {},
             "output_type": "execute_result"
            },
            {
             "ename": "DivideByZeroException",
             "evalue": "no",
             "output_type": "error",
             "traceback": [
              "at line 1"
             ]
            }
           ],
           "source": [
            "1"
           ]
          },
          {
           "cell_type": "raw",
           "id": "raw",
           "metadata": {},
           "source": []
          }
         ],
         "metadata": {
          "kernelspec": {
           "display_name": ".NET (C#)",
           "language": "C#",
           "name": ".net-csharp"
          },
          "somebody": {
           "else": null
          }
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    private static NotebookDocument Parse(string json) => NotebookDocument.Parse(Encoding.UTF8.GetBytes(json), "x.ipynb");

    private static string ErrorOf(string json) => Assert.Throws<NotebookException>(() => Parse(json)).Message;

    [Fact]
    public void ToUtf8_NotebookOfEveryKind_GivesTheSameBytesAsRead() =>
        Assert.Equal(Full.ReplaceLineEndings("\n"), Encoding.UTF8.GetString(Parse(Full).ToUtf8()));

    [Fact]
    public void Parse_Outputs_GivesTextAndJson()
    {
        var outputs = Parse(Full).Cells[1].Outputs;
        Assert.Equal("a\nb", Assert.IsType<StreamOutput>(outputs[0]).Text);
        var display = Assert.IsType<DisplayOutput>(outputs[1]);
        Assert.Equal("<b>1</b>", display.Text("text/html"));
        Assert.Equal("{\"x\":[1.5]}", display.Text("application/json"));
        Assert.False(display.IsResult);
        Assert.True(Assert.IsType<DisplayOutput>(outputs[2]).IsResult);
        Assert.Equal("no", Assert.IsType<ErrorOutput>(outputs[3]).Message);
    }

    [Fact]
    public void Save_AnySourceAndOutput_ReadsBackTheSame() => Prop.ForAll<string, string>((source, output) =>
    {
        var text = (source ?? "").ReplaceLineEndings("\n");
        var cell = new NotebookCell(CellKind.Code, text) { Outputs = [new StreamOutput("stdout", output ?? "")] };
        var back = NotebookDocument.Parse(new NotebookDocument([cell]).ToUtf8(), "x.ipynb").Cells[0];
        return back.Source == text && ((StreamOutput)back.Outputs[0]).Text == (output ?? "");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Seconds_SetAndSaved_StandInTheMetadata()
    {
        var document = Parse(Full);
        document.Seconds = 1.23456;
        document.Cells[1].Seconds = 0.5;
        var back = NotebookDocument.Parse(document.ToUtf8(), "x.ipynb");
        Assert.Equal(1.235, back.Seconds);
        Assert.Equal(0.5, back.Cells[1].Seconds);
        Assert.Equal(1.235, (double?)back.Metadata["coursekit"]!["seconds"]);
    }

    [Theory]
    [InlineData("", "x.ipynb: not a notebook, the file is not JSON (at line 1). Take a fresh copy, or save it again in Jupyter.")]
    [InlineData("{\n \"cells\": [,\n", "x.ipynb: not a notebook, the file is not JSON (at line 2). Take a fresh copy, or save it again in Jupyter.")]
    [InlineData("[]", "x.ipynb: JSON, but not a notebook: the file must hold one JSON object. Take a fresh copy, or save it again in Jupyter.")]
    [InlineData("{}", "x.ipynb: JSON, but not a notebook: \"nbformat\" is missing. Take a fresh copy, or save it again in Jupyter.")]
    [InlineData("{\"nbformat\": 3, \"worksheets\": []}", "x.ipynb: notebook format 3, but CourseKit reads format 4. Open it in Jupyter and save it: that converts it.")]
    [InlineData("{\"nbformat\": 5}", "x.ipynb: notebook format 5, but CourseKit reads format 4. Save it as format 4 in the program that made it.")]
    [InlineData("{\"nbformat\": 4, \"cells\": []}", "x.ipynb: the notebook names no kernel, but CourseKit runs \".net-csharp\" (language \"C#\"). Choose the .NET (C#) kernel in Jupyter and save.")]
    [InlineData("{\"nbformat\": 4, \"cells\": [], \"metadata\": {\"kernelspec\": {\"name\": \"python3\", \"language\": \"python\"}}}", "x.ipynb: the notebook asks for kernel \"python3\" (language \"python\"), but CourseKit runs \".net-csharp\" (language \"C#\"). Choose the .NET (C#) kernel in Jupyter and save.")]
    [InlineData("{\"nbformat\": 4, \"metadata\": {\"kernelspec\": {\"name\": \".net-csharp\"}}}", "x.ipynb: JSON, but not a notebook: \"cells\" must be a list. Take a fresh copy, or save it again in Jupyter.")]
    [InlineData("{\"nbformat\": 4, \"cells\": [7], \"metadata\": {\"kernelspec\": {\"name\": \".net-csharp\"}}}", "x.ipynb: JSON, but not a notebook: cell 1 must be an object. Take a fresh copy, or save it again in Jupyter.")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": 7}], \"metadata\": {\"kernelspec\": {\"name\": \".net-csharp\"}}}", "x.ipynb: JSON, but not a notebook: the source of cell 1 must be text or a list of lines. Take a fresh copy, or save it again in Jupyter.")]
    public void Parse_BadFile_SaysWhatIsWrongAndTheMend(string json, string message) => Assert.Equal(message, ErrorOf(json));

    [Fact]
    public void Load_FileMissing_NamesThePath() =>
        Assert.StartsWith("nowhere.ipynb: cannot be read (", Assert.Throws<NotebookException>(() => NotebookDocument.Load("nowhere.ipynb")).Message, StringComparison.Ordinal);
}
