<?php
// Renders each text of a JSON list on standard input as a page would be saved and shown.
require_once getenv('MW_INSTALL_PATH') . '/maintenance/Maintenance.php';

use MediaWiki\MediaWikiServices;

class RenderTexts extends Maintenance {
    public function execute() {
        $parser = MediaWikiServices::getInstance()->getParser();
        $title = Title::newFromText('Export');
        $user = User::newFromId(0);
        $pages = [];
        foreach (json_decode(stream_get_contents(STDIN), true) as $text) {
            $options = ParserOptions::newFromAnon();
            $saved = $parser->preSaveTransform($text, $title, $user, $options);
            $pages[] = $parser->parse($saved, $title, $options)->getText(['enableSectionEditLinks' => false]);
        }
        $this->output(json_encode($pages, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE));
    }
}

$maintClass = RenderTexts::class;
require_once RUN_MAINTENANCE_IF_MAIN;
